#!/usr/bin/env python3
"""How many heads of the 2017 show's sentences our templates regenerate from their fields.

    cargo build -p lorecast-drafter --example heads
    tests/parity/drafting/heads.py SEED_ITEMS.json SHOW.txt [PATH/TO/heads]

Of every item with a person and a title, the head is what the show printed from the start of the
sentence to the title's closing quote, a misspelt name or word (`entitiled`) corrected. It counts as
regenerated when at most three words differ: inserted, left out or replaced. Prints n and the Wilson
interval; `-v` the heads that miss.
"""
import json
import math
import re
import subprocess
import sys
from collections import Counter

MOST_EDITED = 3
KINDS = {
    "pull_request": "pull", "build_report": "build", "bug_report": "bug", "maintainers": "maintainers",
    "regression_report": "regression", "performance_report": "build", "other_release": "release",
    "merge_note": "series",
}
TALK = "back and forth"
TYPOS = {"entitiled": "entitled", "and rfc": "an rfc"}


def episodes(lines):
    """The lines of each episode, by its date."""
    marks = []
    for at, line in enumerate(lines):
        if line.startswith("Kernel Podcast"):
            found = re.search(r"(\d{4})/(\d\d)/(\d\d)", line)
            word = re.search(r"(March|Feb) (\d+)\w+, (\d{4})", line)
            if found:
                marks.append((at, "-".join(found.groups())))
            elif word:
                month = {"March": 3, "Feb": 2}[word[1]]
                marks.append((at, f"{word[3]}-{month:02}-{int(word[2]):02}"))
            else:
                marks.append((at, None))
    ends = [at for at, _ in marks[1:]] + [len(lines)]
    return {date: lines[at:end] for (at, date), end in zip(marks, ends) if date}


def words(text):
    text = re.sub(r"[()\[\]]", "", text.lower().replace("–", "-"))
    text = re.sub(r"[“”\"‘’'`,.:;]", " ", text)
    text = " ".join(text.split())
    for wrong, right in TYPOS.items():
        text = text.replace(wrong, right)
    return text.split()


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        left, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            left, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, left + (x != y))
    return row[-1]


def printed(item, lines):
    """The sentence's head as the show has it; None when the title stands in no sentence."""
    title = r"\W+".join(map(re.escape, re.findall(r"\w+", item["title"])))
    name = (item.get("name_as_printed") or item["person"]).split(";")[0].split()
    best = None
    for line in lines:
        for found in re.finditer(title, line, re.I):
            before = line[: found.start()]
            starts = [m.end() for m in re.finditer(r"(?<! [A-Z])[.?!][”\"’)]* +(?=[A-Z\[])", before)]
            start = ([0] + starts)[-1]
            text = line[start : found.end()]
            # A heading or the lead sentence is no sentence about the item.
            known = any(part.strip("().,") in text for part in name if len(part) > 2)
            score = (known, bool(re.search(r"[“\"]\W*$", before)))
            if best is None or score > best[0]:
                best = (score, text)
    return best and best[1]


def named(text, item):
    """The head from the first name on: without `Finally,` or `On a separate note,`."""
    places = [text.find(part) for part in item["person"].split(";")[0].split() if len(part) > 2]
    first = min((at for at in places if at >= 0), default=0)
    return text[first:]


def wilson(hits, n, z=1.96):
    p, d = hits / n, 1 + z * z / n
    middle, half = (p + z * z / (2 * n)) / d, z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d
    return middle - half, middle + half


def main():
    args = [arg for arg in sys.argv[1:] if arg != "-v"]
    items = json.load(open(args[0]))
    shows = episodes(open(args[1], encoding="utf-8").read().replace("\xa0", " ").split("\n"))
    heads = args[2] if len(args) > 2 else "target/debug/examples/heads"
    items = [item for item in items if item["person"] and item["title"]]
    fields = [
        {
            "kind": "discussion" if item["verb"] == TALK else KINDS.get(item["kind"], item["kind"]),
            "verb": item["verb"],
            "person": item["person"].split("; ")[0],
            "other": (item["person"].split("; ") + [None])[1] if item["verb"] == TALK else None,
            "employer": item["employer"],
            "version": item["version"],
            "title": item["title"],
        }
        for item in items
    ]
    ours = subprocess.run(
        [heads, "templates/notes"], input="\n".join(map(json.dumps, fields)),
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()
    assert len(ours) == len(items)
    edits, whole, missed = Counter(), 0, 0
    for item, our in zip(items, ours):
        theirs = printed(item, shows.get(item["episode"], []))
        if theirs is None:
            missed += 1
            edits[99] += 1
            continue
        if item.get("name_as_printed"):
            theirs = theirs.replace(item["name_as_printed"], item["person"])
        theirs = re.sub(r"(?<=\w)\((\w+)\)", r"\1", theirs)  # Alex(ander)
        whole += distance(words(our), words(theirs)) <= MOST_EDITED
        edited = distance(words(our), words(named(theirs, item)))
        edits[edited] += 1
        if "-v" in sys.argv and edited > MOST_EDITED:
            print(f"{edited:3} {item['kind']}\n    ours  {our}\n    2017  {theirs}")
    print("words edited:", ", ".join(f"{k}: {v}" for k, v in sorted(edits.items())))
    report("from the name on", sum(v for k, v in edits.items() if k <= MOST_EDITED), len(items))
    report("with what leads over to it (`Finally, …`)", whole, len(items))
    print(f"titles not found in the text: {missed}")


def report(what, hits, n):
    low, high = wilson(hits, n)
    print(
        f"{hits} of {n} heads regenerated with at most {MOST_EDITED} words edited, {what}: "
        f"{100 * hits / n:.1f} % (95 %: {100 * low:.1f} to {100 * high:.1f})"
    )


main()
