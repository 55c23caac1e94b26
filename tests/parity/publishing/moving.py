"""What subscribers would notice of a move: compares a feed with the feed of the show that took it over, as feedparser sees
both.

    python3 moving.py LORECAST FEED [FEED…]      FEED: files or addresses

For each feed it prints how many of its items have the same guid, date, enclosure (address, length, type) and title
afterwards. It ends with 1 when one has not. Items without an enclosure are no episodes, and not counted.
"""

import pathlib
import subprocess
import sys
import tempfile

try:
    import feedparser
except ImportError:
    sys.exit("SKIPPED: pip install feedparser")


def told(path):
    """Guid -> what apps remember."""
    items = {}
    for entry in feedparser.parse(str(path)).entries:
        sound = next((e for e in entry.get("enclosures", []) if e.get("href")), None)
        if sound:
            guid = entry.get("id") or sound["href"]
            items.setdefault(guid, {
                "guid": (guid, entry.get("guidislink", False)),
                "date": entry.get("published_parsed"),
                "enclosure": (sound["href"], sound.get("length"), sound.get("type")),
                "title": " ".join(entry.get("title", "").split()),
            })
    return items


def moved(lorecast, feed, show):
    for command in (["init", show, "--import", feed], ["publish", "--show", show, "--despite-lint"]):
        done = subprocess.run([lorecast, *map(str, command)], capture_output=True, text=True)
        if done.returncode:
            return done.stderr.strip()
    pages = sorted(show.glob("public/archive/feed-*.xml"))
    return {k: v for page in [*pages, show / "public/feed.xml"] for k, v in told(page).items()}


def main(lorecast, feeds):
    wrong = False
    print(f"{'feed':40} {'n':>5} {'guid':>6} {'date':>6} {'encl.':>6} {'title':>6}")
    for feed in feeds:
        before = told(feed)
        with tempfile.TemporaryDirectory() as folder:
            after = moved(lorecast, feed, pathlib.Path(folder) / "show")
        if isinstance(after, str):
            print(f"{feed[-40:]:40} refused: {after}")
            wrong = True
            continue
        same = {what: sum(after.get(k, {}).get(what) == v[what] for k, v in before.items())
                for what in ("guid", "date", "enclosure", "title")}
        wrong |= any(n != len(before) for n in same.values())
        print(f"{feed[-40:]:40} {len(before):5} " + " ".join(f"{n:6}" for n in same.values()))
        for k, v in before.items():
            differs = [what for what in v if after.get(k, {}).get(what) != v[what]]
            if differs:
                print(f"    {k}: {', '.join(differs)}: {[(v[w], after.get(k, {}).get(w)) for w in differs]}")
    return wrong


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
