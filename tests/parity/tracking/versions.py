#!/usr/bin/env python3
"""Prints how many revisions are linked to the revision before, ours beside b4's.

Usage: tests/parity/tracking/versions.py SERIES.tsv MAILS TRUTH.tsv… [--b4 VENV | --no-b4] [--misses]

SERIES.tsv is `lorecast export series --format tsv` of a show that holds MAILS, a folder of bare epochs
(*.git) or mbox files (*.mbox). Each TRUTH (versions.tsv, versions-threaded.tsv) names pairs of roots; pairs
of which MAILS lacks a root do not count. Printed for each, over all pairs and over those whose title or
sender changed:

  recall       `previous_root` of the newer root's revision is the older root (or a mail of its revision)
  same series  both roots have one series_id
  precision    of the newer roots to which a previous root is given, how many are given the right one
  ties         by the column `how`, where the export has it

A root that the export holds as a patch within another revision counts as missed. b4's figures come from
its own functions (see b4_side.py): the older revision stands in the same thread, or get_extra_series()
finds it by change-id or by equal subject and sender. For the figures with the thread hidden give the show
and the mails that `hide.py threads` made.

Needs Python 3.9, git, and for the peer b4 (see b4_python.py).
"""
import argparse
import pathlib
import sys
from collections import Counter

import b4_python
import figures
import mailstore


def judged(export, newer, older):
    """What we say of a pair: (linked, right, same series, how)."""
    row, before = export.by_root.get(newer), export.revision_of.get(older)
    if row is None:
        return False, False, False, "the newer root is no root"
    if before is None:
        return bool(row["previous_root"]), False, False, "the older root is in no revision"
    linked = row["previous_root"]
    same = row["series_id"] == before["series_id"]
    return bool(linked), linked in (older, before["root"]), same, row.get("how") or "linked"


def report(path, export, mails, python, options):
    rows = [row for row in figures.table(path) if row["newer_root_msgid"] in mails and row["older_root_msgid"] in mails]
    peer = {}
    if python:
        found = b4_python.ask(python, "versions", pathlib.Path(options.mails).resolve(), pathlib.Path(path).resolve())
        peer = {row["newer"]: row["found"] for row in found}
    print(f"{pathlib.Path(path).name}: version links")
    kinds = {
        "all": lambda row: True,
        "title changed": lambda row: row["same_title"] == "0",
        "sender changed": lambda row: row["same_email"] == "0",
    }
    for name, belongs in kinds.items():
        some = [row for row in rows if belongs(row)]
        ours = [judged(export, row["newer_root_msgid"], row["older_root_msgid"]) for row in some]
        figures.show(f"  {name}: recall, lorecast", sum(one[1] for one in ours), len(ours))
        figures.show(f"  {name}: same series, lorecast", sum(one[2] for one in ours), len(ours))
        figures.show(f"  {name}: precision, lorecast", sum(one[1] for one in ours), sum(one[0] for one in ours))
        if python:
            theirs = [(peer.get(row["newer_root_msgid"], []), row["older_root_msgid"]) for row in some]
            right = sum(older in found for found, older in theirs)
            figures.show(f"  {name}: recall, b4", right, len(theirs))
            figures.show(f"  {name}: precision, b4", right, sum(bool(found) for found, _ in theirs))
    ties = Counter(judged(export, row["newer_root_msgid"], row["older_root_msgid"])[3] for row in rows)
    print("  ties: " + ", ".join(f"{how} {count}" for how, count in sorted(ties.items())))
    print("  (quoted from the issue, other mails: b4's rule 84.8 / 99.4 %, title changed 29.8 %, thread hidden 70 %;")
    print("   to reach 98 / 99.3 %, 90 %, 95 %)")
    for row in rows if options.misses else []:
        newer, older = row["newer_root_msgid"], row["older_root_msgid"]
        linked, right, same, how = judged(export, newer, older)
        if not right:
            given = export.by_root.get(newer, {}).get("previous_root", "")
            print(f"  miss v{row['newer_version']} {newer} <- v{row['older_version']} {older}: {how};"
                  f" ours {given or 'none'}; same series {int(same)}; b4 {int(older in peer.get(newer, []))}")
            print(f"       {mails[newer].subject}\n       {mails[older].subject}")


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("export")
    options.add_argument("mails")
    options.add_argument("truth", nargs="+")
    options.add_argument("--b4", help="a virtual environment with b4")
    options.add_argument("--no-b4", action="store_true")
    options.add_argument("--misses", action="store_true", help="list the pairs that are missed")
    options = options.parse_args()
    export, mails = figures.Export(options.export), mailstore.Mails(options.mails)
    python = None if options.no_b4 else b4_python.find(options.b4)
    for path in options.truth:
        report(path, export, mails, python, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
