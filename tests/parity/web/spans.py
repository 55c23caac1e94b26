#!/usr/bin/env python3
"""Prints how many marks came out right in the next revision.

Usage: tests/parity/web/spans.py SPANS.tsv NAME=ANSWERS[@SCORE]… [--half HALF] [--misses]

ANSWERS is what `spans carry` or spans_peer.mjs prints: a line for each span with its older id, start, end, and
where it is now (id, start, end) or `outdated`, and how it came there. With SCORE, what came there with a lower
score counts as outdated. Printed for each, over the halves and by class of SPANS:

  right            the answer of the table, or one of its other right ones; a span is right when it is in the
                   right message and at least half of it and of the right span are the same characters
  to the character of those carried where they are, with the very start and end that were read
  outdated though  the text is there, but the mark was called outdated: a lost note, but no wrong one
  silently wrong   carried to another place, or though the text is gone

Intervals are Wilson's, 95 %. `--misses` names what is not right.
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tracking"))
import figures

CLASSES = ("kept", "repeated", "edited", "moved", "gone")


def place(said):
    """A place as (id, start, end); nothing when outdated."""
    if said == "outdated":
        return None
    message, start, end = said.split(" ")
    return message, int(start), int(end)


def overlap(one, other):
    """The share of characters that two spans have in common, of all that are in one of them."""
    if one[0] != other[0]:
        return 0.0
    common = min(one[2], other[2]) - max(one[1], other[1])
    return common / (max(one[2], other[2]) - min(one[1], other[1]))


def judge(row, said):
    """`right`, `outdated though there` or `silently wrong`, and whether it is so to the character."""
    also = [] if row["also"] == "-" else row["also"].split(" | ")
    answers = [place(answer) for answer in [row["newer"], *also]]
    said = place(said)
    if said is None:
        return ("right" if None in answers else "outdated though there"), False
    nearest = max((overlap(said, answer) for answer in answers if answer), default=0.0)
    return ("right" if nearest >= 0.5 else "silently wrong"), nearest == 1.0


def report(name, rows, answers):
    judged = [(row, *judge(row, answers[key(row)])) for row in rows]
    for half in ("dev", "held-out", "fresh", "last", "all"):
        some = [one for one in judged if half in ("all", one[0]["half"])]
        n = len(some)
        print(f"{name}, {half}: n {n}")
        for verdict in ("right", "outdated though there", "silently wrong"):
            figures.show(f"  {verdict}", sum(one[1] == verdict for one in some), n)
        carried = [one for one in some if one[1] == "right" and answers[key(one[0])] != "outdated"]
        figures.show("  to the character, of those carried right", sum(one[2] for one in carried), len(carried))
        for kind in CLASSES:
            of_kind = [one[1] for one in some if one[0]["class"] == kind]
            if of_kind:
                counts = ", ".join(f"{verdict} {of_kind.count(verdict)}" for verdict in sorted(set(of_kind)))
                print(f"    {kind:<10} n {len(of_kind):4}: {counts}")
    return judged


def key(row):
    return row["older"], row["start"], row["end"]


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("spans")
    options.add_argument("answers", nargs="+")
    options.add_argument("--half")
    options.add_argument("--misses", action="store_true")
    options = options.parse_args()
    with open(figures.needed(options.spans), encoding="utf-8") as lines:
        lines = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    rows = [dict(zip(lines[0], line)) for line in lines[1:]]
    for named in options.answers:
        name, path = named.split("=", 1)
        path, _, score = path.partition("@")
        with open(path, encoding="utf-8") as lines:
            said = [line.rstrip("\n").split("\t") for line in lines]
        answers = {tuple(line[:3]): line[3] for line in said}
        for line in said if score else []:
            if line[4] != "-" and float(line[4]) < float(score):
                answers[tuple(line[:3])] = "outdated"
        how = {tuple(line[:3]): line[4] for line in said}
        held = [row for row in rows if answers.get(key(row), "not held") != "not held"]
        held = [row for row in held if options.half in (None, row["half"])]
        if len(held) < len(rows):
            print(f"{name}: {len(rows) - len(held)} spans left out", file=sys.stderr)
        judged = report(name, held, answers)
        for row, verdict, _ in judged if options.misses else []:
            if verdict != "right":
                print(f"  {verdict}: {row['half']} {row['kind']} {row['class']} {' '.join(key(row))}"
                      f"\n    said {answers[key(row)]} ({how[key(row)]}), right is {row['newer']} or {row['also']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
