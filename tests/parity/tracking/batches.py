#!/usr/bin/env python3
"""Prints how many batches of mails that were sent together are one revision, ours beside b4's.

Usage: tests/parity/tracking/batches.py TRUTH/grouping.tsv SERIES.tsv MAILS [--without-covers] [--b4 VENV | --no-b4]
                                        [--misses]

SERIES.tsv is `lorecast export series --format tsv` of a show that holds MAILS, a folder of bare epochs
(*.git) or mbox files (*.mbox). Batches of which no mail is held do not count. With --without-covers the
truth is cut down to the patches: for a show made of mails that `hide.py covers` wrote. Three readings:

  exactly    one revision holds exactly those mails of the batch that MAILS holds
  series     of the batches that hold every patch 1 to m of a series: one revision has exactly these patches
  together   one revision holds all of the batch

The truth knows mails of one run by their ids, so it cuts a series in two when the clock ticked or when some
of it went to other lists, and it leaves out cover letters that say no 0/m; `series` is free of both.

b4's figure is on the same mails: the series that b4 makes of the strict thread of the batch's first mail
(see b4_side.py). Patchwork is not run here; for it the issue quotes 98.0 %.

Needs Python 3.9, git, and for the peer b4 (see b4_python.py).
"""
import argparse
import pathlib
import sys

import b4_python
import figures
import mailstore


READINGS = ("exactly", "series", "together")


def judged(mails, wanted, sets):
    """For each reading whether one of the sets is right; None where it says nothing."""
    patches = {mid for mid in wanted if mails[mid].number != 0}
    numbers = {mails[mid].number or 1 for mid in patches}
    total = max((mails[mid].total or 1 for mid in patches), default=1)
    is_patch = lambda mid: mid not in mails or mails[mid].number is None and mails[mid].posting or bool(mails[mid].number)
    whole = numbers == set(range(1, total + 1))
    return {
        "exactly": any(set(one) == set(wanted) for one in sets),
        "series": any({mid for mid in one if is_patch(mid)} == patches for one in sets) if whole else None,
        "together": any(set(wanted) <= set(one) for one in sets),
    }


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    for name in ("truth", "export", "mails"):
        options.add_argument(name)
    options.add_argument("--without-covers", action="store_true")
    options.add_argument("--b4", help="a virtual environment with b4")
    options.add_argument("--no-b4", action="store_true")
    options.add_argument("--misses", action="store_true", help="list the batches that are wrong")
    options = options.parse_args()
    truth, export = figures.table(options.truth), figures.Export(options.export)
    mails = mailstore.Mails(options.mails)
    if not export.has_messages():
        print("SKIPPED: the export has no column `messages`", file=sys.stderr)
        return 0
    peer = {}
    python = None if options.no_b4 else b4_python.find(options.b4)
    if python:
        extra = ["--without-covers"] if options.without_covers else []
        peer = {row["batch"]: row["found"] for row in b4_python.ask(python, "group", absolute(options.mails), absolute(options.truth), *extra)}
    counts, misses, whole = {}, [], 0
    for row in truth:
        all_of_it = row["msgids"].split()
        # Where covers were taken away, the mails that are missing are they.
        covered = any(mails[mid].is_cover() if mid in mails else options.without_covers for mid in all_of_it)
        wanted = [mid for mid in all_of_it if mid in mails]
        if options.without_covers:
            wanted = [mid for mid in wanted if not mails[mid].is_cover()]
        if not wanted:
            continue
        whole += len(wanted) == len(all_of_it)
        found = {id(one): export.messages(one) for one in map(export.revision_of.get, wanted) if one}
        sides = {"lorecast": judged(mails, wanted, found.values()), "b4": judged(mails, wanted, peer.get(row["batch"], []))}
        shape = "with 0/m" if covered else "without 0/m"
        for side, answers in sides.items():
            for reading, right in answers.items():
                for key in ("all", f"made by {row['kind']}", shape):
                    if right is not None:
                        hits = counts.setdefault((reading, key, side), [0, 0])
                        hits[0] += 1
                        hits[1] += right
        if not sides["lorecast"]["exactly"]:
            misses.append((row, wanted, sides["lorecast"]))
    title = "without cover letters" if options.without_covers else "as posted"
    print(f"batches of mails sent together, {title}; {whole} held with every mail")
    for (reading, key, side), (n, right) in sorted(counts.items(), key=lambda item: (READINGS.index(item[0][0]), item[0][1:])):
        if side == "lorecast" or python:
            figures.show(f"  {reading}, {key}: {side}", right, n)
    print("  (quoted from the issue, other mails: b4 98.9 %, Patchwork 98.0 %; to reach 99.5 %)")
    for row, wanted, answers in misses if options.misses else []:
        found = export.revision_of.get(wanted[0])
        held = set(export.messages(found)) if found else set()
        wrong = ", ".join(reading for reading in READINGS if answers[reading] is False)
        print(f"  not {wrong}: {row['kind']} {row['batch']}: {len(wanted)} mails, ours {len(held)};"
              f" without {sorted(set(wanted) - held)[:3]}, beyond {sorted(held - set(wanted))[:3]}")
    return 0


def absolute(path):
    return pathlib.Path(path).resolve()


if __name__ == "__main__":
    sys.exit(main())
