// What parsers of npm see in a feed, as lines `parser items enclosures chapters`.
import { readFileSync } from "node:fs";

const xml = readFileSync(process.argv[2], "utf8");
const say = (name, items, enclosures, chapters) => console.log(name, items, enclosures, chapters);
const sum = (list) => list.reduce((all, one) => all + one, 0);
const attempt = async (name, look) => {
    try {
        await look();
    } catch (error) {
        say(name, "failed:", String(error.message).replace(/\s+/g, "_").slice(0, 60), "-");
    }
};

await attempt("partytime", async () => {
    const { parseFeed } = await import("podcast-partytime");
    const items = parseFeed(xml).items;
    const sized = items.filter((item) => item.enclosure?.url && item.enclosure.length > 0);
    say("partytime", items.length, sized.length, items.filter((item) => item.podcastChapters?.url).length + " files");
});
await attempt("feedsmith", async () => {
    const { parseFeed } = await import("feedsmith");
    const items = parseFeed(xml).feed.items;
    const sized = items.filter((item) => item.enclosures?.[0]?.url && item.enclosures[0].length > 0);
    const lists = items.map((item) => (item.psc?.chapters ?? []).length);
    say("feedsmith", items.length, sized.length, sum(lists));
});
await attempt("podparse", async () => {
    const getPodcastFromFeed = (await import("podparse")).default;
    const parse = getPodcastFromFeed.default ?? getPodcastFromFeed;
    const items = parse(xml).episodes;
    const sized = items.filter((item) => item.enclosure?.url && Number(item.enclosure.length) > 0);
    say("podparse", items.length, sized.length, "-");
});
await attempt("rss-parser", async () => {
    const Parser = (await import("rss-parser")).default;
    const items = (await new Parser().parseString(xml)).items;
    const sized = items.filter((item) => item.enclosure?.url && Number(item.enclosure.length) > 0);
    say("rss-parser", items.length, sized.length, "-");
});
