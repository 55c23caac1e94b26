"""Compares what parsers and clients see of a published show with what is there; run by parsers.sh."""

import configparser
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
import xml.etree.ElementTree as tree

TOOLS, WORK, PUBLIC = (pathlib.Path(os.environ[name]) for name in ("TOOLS", "WORK", "PUBLIC"))
FEED = PUBLIC / "feed.xml"
URL = "http://127.0.0.1:8700/feed.xml"
SOUNDS = sorted((PUBLIC / "media").glob("*.mp3"))
missed = []


def run(*command, **kwargs):
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, **kwargs)
    return done.stdout + done.stderr


def row(name, items, enclosures, chapters, note=""):
    """Prints what was seen; `-` where the parser has no word for it."""
    truth = {"items": ITEMS, "enclosures": ITEMS, "chapters": CHAPTERS}
    seen = {"items": items, "enclosures": enclosures, "chapters": chapters}
    wrong = [what for what, n in seen.items() if n not in ("-", truth[what], f"{ITEMS} files")]
    missed.extend(f"{name}: {what}" for what in wrong)
    print(f"{name:15} {items!s:>6} {enclosures!s:>10} {chapters!s:>9}  {'MISSED' if wrong else 'all'} {note}")


root = tree.parse(FEED).getroot()
ITEMS = len(root.findall("channel/item"))
CHAPTERS = sum(len(json.loads(f.read_text())["chapters"]) for f in PUBLIC.glob("episodes/*/chapters.json"))
print(f"the truth: {ITEMS} items with an enclosure each, {CHAPTERS} chapters\n")
print(f"{'parser':15} {'items':>6} {'enclosures':>10} {'chapters':>9}")


def feedparser_sees():
    import feedparser

    entries = feedparser.parse(FEED.read_bytes()).entries
    sized = [e for e in entries if len(e.enclosures) == 1 and int(e.enclosures[0].length) > 0]
    row("feedparser", len(entries), len(sized), sum(len(e.get("psc_chapters", {}).get("chapters", [])) for e in entries))


def podcastparser_sees():
    import podcastparser

    with FEED.open("rb") as stream:
        episodes = podcastparser.parse(URL, stream)["episodes"]
    sized = [e for e in episodes if len(e["enclosures"]) == 1 and e["enclosures"][0]["file_size"] > 0]
    row("podcastparser", len(episodes), len(sized), sum(len(e["chapters"]) for e in episodes))


def mutagen_sees():
    from mutagen.id3 import ID3

    row("mutagen", "-", "-", sum(len(ID3(path).getall("CHAP")) for path in SOUNDS))


def ffprobe_sees():
    chapters = 0
    for path in SOUNDS:
        found = json.loads(run("ffprobe", "-v", "error", "-of", "json", "-show_chapters", path).split("\n[")[0])
        chapters += len(found["chapters"])
    row("ffprobe", "-", "-", chapters)


def mpv_sees():
    chapters = 0
    for path in SOUNDS:
        said = run("mpv", "--no-config", "--ao=null", "--vo=null", "--frames=1", "--length=0.1",
                   "--term-playing-msg=chapters=${chapters}", path)
        chapters += int(re.search(r"chapters=(\d+)", said)[1])
    row("mpv", "-", "-", chapters)


def others_see():
    for said in (run("node", "parsers.mjs", FEED, cwd=TOOLS / "node"),
                 run(TOOLS / "rust/target/debug/parsers", FEED, *SOUNDS)):
        for line in said.splitlines():
            name, items, enclosures, *chapters = line.split()
            number = lambda text: int(text) if text.isdigit() else text
            row(name, number(items), number(enclosures), number(" ".join(chapters)))


def newsboat_sees(home):
    (home / "urls").write_text(URL + "\n")
    files = ["-u", home / "urls", "-c", home / "cache.db", "-C", "/dev/null", "-q"]
    environment = {**os.environ, "HOME": str(home)}
    run("newsboat", *files, "-x", "reload", env=environment)
    with sqlite3.connect(home / "cache.db") as cache:
        rows = cache.execute("select enclosure_url from rss_item").fetchall()
    row("newsboat", len(rows), len([url for (url,) in rows if url]), "-")


def home(name):
    folder = WORK / "clients" / name
    folder.mkdir(parents=True)
    return folder


def identical(name, folder):
    """Whether each sound was downloaded whole."""
    truth = sorted(path.read_bytes() for path in SOUNDS)
    found = sorted(path.read_bytes() for path in folder.rglob("*") if path.suffix == ".mp3")
    whole = sum(sound in found for sound in truth)
    if whole < len(truth):
        missed.append(f"{name}: {len(truth) - whole} downloads")
    print(f"{name:15} {whole} of {len(truth)} byte-identical")


def gpodder():
    folder = home("gpodder")
    environment = {**os.environ, "HOME": str(folder), "GPODDER_HOME": str(folder)}
    run("gpo", "subscribe", URL, env=environment)
    run("gpo", "update", env=environment)
    run("gpo", "download", env=environment)
    identical("gpodder", folder)


def podboat():
    folder = home("podboat")
    queue = folder / "queue"
    urls = [item.find("enclosure").get("url") for item in root.findall("channel/item")]
    queue.write_text("".join(f'{url} "{folder / pathlib.PurePath(url).name}"\n' for url in urls))
    (folder / "config").write_text("max-downloads 4\n")
    # It wants a terminal, and stays until it is told to quit.
    command = f"podboat -C {folder}/config -q {queue} -a"
    run("timeout", "20", "script", "-qec", command, "/dev/null", input="", env={**os.environ, "HOME": str(folder), "TERM": "xterm"})
    identical("podboat", folder)


def podget():
    folder = home("podget")
    environment = {**os.environ, "HOME": str(folder)}
    run("podget", "--create-config", "podgetrc", env=environment)
    (folder / ".config/podget/serverlist").write_text(f"{URL} show show\n")
    run("podget", "-v", "-c", "podgetrc", "--library", folder / "library", env=environment)
    identical("podget", folder)


def greg():
    folder = home("greg")
    config = configparser.ConfigParser()
    config["DEFAULT"] = {"data directory": str(folder / "data"), "download directory": str(folder / "down"),
                         "mime": "audio", "downloadhandler": "greg", "firstsync": "all", "ignoreenclosures": "no"}
    (folder / "greg.conf").write_text("")
    with (folder / "greg.conf").open("w") as file:
        config.write(file)
    program = [TOOLS / "venv/bin/greg", "-c", folder / "greg.conf"]
    environment = {**os.environ, "HOME": str(folder)}
    run(*program, "add", "show", URL, env=environment)
    run(*program, "sync", "show", env=environment)
    identical("greg", folder)


def asks_again():
    """The three ways in which clients ask whether something changed."""
    first = urllib.request.urlopen(URL)
    tag, date = first.headers.get("ETag"), first.headers.get("Last-Modified")
    both = {"If-None-Match": tag or "", "If-Modified-Since": date or ""}
    for name, headers in (("ETag", {"If-None-Match": tag}), ("Last-Modified", {"If-Modified-Since": date}), ("both", both)):
        try:
            if None in headers.values():
                raise ValueError("the server gave none")
            status = urllib.request.urlopen(urllib.request.Request(URL, headers=headers)).status
        except urllib.error.HTTPError as answer:
            status = answer.code
        except ValueError as error:
            status = error
        if status != 304:
            missed.append(f"{name}: {status}")
        print(f"{name:15} {status}")


def attempt(look, *arguments):
    try:
        look(*arguments)
    except Exception as error:  # a parser that fails is a finding like another
        missed.append(f"{look.__name__}: {error!r}")
        print(f"{look.__name__:15} failed: {error!r}")


for look in (feedparser_sees, podcastparser_sees, mutagen_sees, ffprobe_sees, mpv_sees, others_see):
    attempt(look)
attempt(newsboat_sees, home("newsboat"))
print("\nclients that download")
for client in (gpodder, podboat, podget, greg):
    attempt(client)
print("\nconditional requests")
attempt(asks_again)
print("\nmissed: " + ("; ".join(missed) or "nothing"))
sys.exit(bool(missed))
