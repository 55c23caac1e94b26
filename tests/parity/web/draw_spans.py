#!/usr/bin/env python3
"""Draws spans that a reader might mark in the earlier revisions of pairs.

Usage: tests/parity/web/draw_spans.py BODIES.jsonl [SEED [SPANS.tsv]] > SPANS.json

Pairs of SPANS.tsv are left out. BODIES.jsonl is what `spans bodies` prints (crates/lorecast-tracker/examples/spans). Printed is a JSON list of
spans: pair `p`, mail `i` of its earlier revision, positions `a` and `b`, `kind`, and `ch`: whether its lines are
not in the new mail as they were. The answers of spans.tsv were found by reading; this script knows none.
"""
import bisect
import difflib
import json
import random
import re
import sys
from collections import Counter

SEED = 20261127
PER_PAIR = 4
IN_ALL = 292
CHANGED = 0.56
LONGEST = 200_000
WEIGHTS = {
    "sentence": 5, "clause": 4, "paragraph": 3, "trailer": 1.2, "listline": 2.5, "changelog": 1.2, "name": 3,
    "number": 2.5, "diffline": 3, "difflines": 3, "diffpart": 3, "hunkhead": 0.7, "repeated": 3,
}


def title(subject):
    """A subject without its tags, in words."""
    return " ".join(re.findall(r"\w+", re.sub(r"^\s*(\[[^\]]*\]\s*)+", "", subject).lower()))


def tally(body):
    return Counter(line for line in body.split("\n") if len(line.strip()) > 8)


class Unchanged:
    """Which lines of a mail its closest new mail has as they were."""

    def __init__(self, old, news):
        lines, mine = old["body"].split("\n"), tally(old["body"])

        def closeness(new):
            same = title(new["subject"]) == title(old["subject"])
            return sum((mine & tally(new["body"])).values()) + 1000 * same

        new = max(news, key=closeness)["body"].split("\n")
        self.starts = [0]
        for line in lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.lines = set()
        if len(lines) * len(new) < 6e6:
            for tag, start, end, _, _ in difflib.SequenceMatcher(None, lines, new, autojunk=False).get_opcodes():
                if tag == "equal":
                    self.lines.update(range(start, end))

    def has(self, start, end):
        first, last = (bisect.bisect_right(self.starts, at) - 1 for at in (start, end - 1))
        return all(line in self.lines for line in range(first, last + 1))


def prose_spans(prose, rng):
    for par in re.finditer(r"(?:^[^\n]+\n?)+", prose, re.M):
        text = par.group()
        if re.match(r"\s*([\w-]+-by:|Cc:|Fixes:|Link:|---|From:|diff|\S+ +\| +\d)", text) or not 60 < len(text) < 1200:
            continue
        yield "paragraph", par.start(), par.end()
        for found in re.finditer(r"[A-Z`\"\'(\w][^.!?]{25,400}?[.!?:](?=\s|$)", text):
            start, end = par.start() + found.start(), par.start() + found.end()
            yield "sentence", start, end
            words = list(re.finditer(r"\S+", prose[start:end]))
            if len(words) > 8:
                count = rng.randint(3, min(9, len(words) - 2))
                first = rng.randint(0, len(words) - count)
                yield "clause", start + words[first].start(), start + words[first + count - 1].end()
    for kind, pattern in (
        ("trailer", r"^ *(?:[\w-]+-by|Fixes|Link|Cc): .*$"),
        ("listline", r"^ {0,4}(?:[-*] ).{12,}$|^ {2,}\S.{12,}$"),
        ("changelog", r"^.*(?:[vV]\d+\s*(?:->|→|:)|[Cc]hange[sl]).*\n(?:.+\n){1,3}"),
    ):
        for found in re.finditer(pattern, prose, re.M):
            yield kind, found.start(), found.end()


def diff_spans(body, at, rng):
    lines = list(re.finditer(r"^[ +-].*$", body[at:], re.M))
    for n, line in enumerate(lines):
        if re.match(r"\+\+\+|---", line.group()):
            continue
        if len(line.group().strip()) > 6:
            yield "diffline", at + line.start(), at + line.end()
        count = rng.randint(2, 6)
        if n + count < len(lines):
            start, end = at + line.start(), at + lines[n + count - 1].end()
            if body[start:end].count("\n") == count - 1:
                yield "difflines", start, end
        words = list(re.finditer(r"[\w.>-]+|\S", line.group()[1:]))
        if len(words) > 5:
            count = rng.randint(2, 4)
            first = rng.randint(0, len(words) - count)
            start = at + line.start() + 1
            yield "diffpart", start + words[first].start(), start + words[first + count - 1].end()
    for head in re.finditer(r"^@@ .*$", body[at:], re.M):
        yield "hunkhead", at + head.start(), at + head.end()


def candidates(body, rng):
    """All spans of a body, without white space at their ends."""
    diff = re.search(r"^diff --git |^--- a/|^Index: ", body, re.M)
    at = diff.start() if diff else len(body)
    lines = Counter(body.split("\n"))

    def words():
        for kind, pattern in (
            ("name", r"\b\w+\(\)|\b[a-z]+_\w+\b"),
            ("number", r"\b(?:0x[0-9a-fA-F]+|\d{2,}(?:\.\d+)?)\b"),
        ):
            for found in re.finditer(pattern, body):
                yield kind, found.start(), found.end()

    def repeated():
        for line in re.finditer(r"^.+$", body, re.M):
            if lines[line.group()] > 1 and len(line.group().strip()) > 2:
                yield "repeated", line.start(), line.end()

    for spans in (prose_spans(body[:at], rng), words(), diff_spans(body, at, rng), repeated()):
        for kind, start, end in spans:
            while start < end and body[start] in " \n\t" and kind != "difflines":
                start += 1
            while start < end and body[end - 1] in " \n\t":
                end -= 1
            if end - start >= 2:
                yield kind, start, end


def of_pair(pair, rng):
    """Spans of some mails of the earlier revision, by whether they changed and by kind."""
    mails = [i for i, mail in enumerate(pair["before"]) if len(mail["body"]) < LONGEST]
    rng.shuffle(mails)
    mails = mails[:4]
    if 0 not in mails and rng.random() < 0.6 and len(pair["before"][0]["body"]) < LONGEST:
        mails[0] = 0
    pool = {}
    for i in mails:
        unchanged = Unchanged(pair["before"][i], pair["after"])
        for kind, start, end in candidates(pair["before"][i]["body"], rng):
            pool.setdefault((not unchanged.has(start, end), kind), []).append((i, start, end))
    return pool


def draw(pairs, seed, known):
    rng, spans, used = random.Random(seed), [], set()
    order = list(range(len(pairs)))
    rng.shuffle(order)
    for p in order:
        if not pairs[p]["before"] or not pairs[p]["after"] or pairs[p]["after"][0]["id"] in known:
            continue
        pool, drawn, tries = of_pair(pairs[p], rng), 0, 0
        while drawn < PER_PAIR and tries < 60:
            tries += 1
            changed = rng.random() < CHANGED
            kinds = [kind for is_changed, kind in pool if is_changed == changed]
            if not kinds:
                continue
            kind = rng.choices(kinds, [WEIGHTS[kind] for kind in kinds])[0]
            mail = rng.choice(sorted({i for i, _, _ in pool[changed, kind]}))
            i, start, end = rng.choice([span for span in pool[changed, kind] if span[0] == mail])
            key = (pairs[p]["before"][i]["id"], start, end)
            if key not in used:
                used.add(key)
                drawn += 1
                spans.append({"p": p, "i": i, "a": start, "b": end, "kind": kind, "ch": changed})
        if len(spans) >= IN_ALL:
            break
    return spans


def roots(path):
    """The newer roots of a table of spans."""
    with open(path, encoding="utf-8") as lines:
        return {line.split("\t")[1] for line in lines if not line.startswith("#")}


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    bodies = sys.argv[1]
    seed = sys.argv[2] if len(sys.argv) > 2 else SEED
    table = sys.argv[3] if len(sys.argv) > 3 else None
    with open(bodies, encoding="utf-8") as lines:
        drawn = draw([json.loads(line) for line in lines], int(seed), roots(table) if table else set())
    json.dump(drawn, sys.stdout)
