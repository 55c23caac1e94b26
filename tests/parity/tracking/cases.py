#!/usr/bin/env python3
"""Prints how many cases of b4's and Patchwork's own test suites lorecast answers as they expect.

Usage: tests/parity/tracking/cases.py CASES.json PEER_MAIL [--lorecast LORECAST] [--b4 VENV | --no-b4]

CASES.json holds the cases, PEER_MAIL the mailboxes they name, in one folder a project (`b4`, `patchwork`).
The library answers through `crates/lorecast-tracker/examples/cases`, which is built and run here. With
--lorecast the mailboxes of the grouping cases are ingested into a show each as well, and the series that
`export` prints are compared. For each case that differs its id and the difference are printed.

What is compared, by kind:

  subject, version, series-marker, is-reply   number, total, version, rfc, resend, title; Patchwork's prefixes
                    without regard to order; not the subject that b4 rebuilds with the caller's prefixes
  mail-content      the fields named: diff, its start, renames, binary patches, pull request and its place
  no-crash          that the mail is read
  series-grouping, cover-detection   revisions, their patches by id and number, version, total, cover, title;
                    comments are not counted
  version-linking   two postings made from the description
  trailers          collected per patch, collected on the cover and spread, refused; not `final_trailers`:
                    lorecast does not rewrite patches, so b4's options make no difference
  trailers-to-local-commits   the patches that a commit with equal or other patch id gets trailers for
  trailer-address, fixes-validation, link-dedup, pull-request   all fields

b4's figure: the series it sees in Patchwork's grouping mailboxes, against what Patchwork expects of each
(how many series, and how many patches each has).

Needs cargo and, for the peer, b4 (see b4_python.py).
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
from collections import defaultdict

import b4_python
import figures

ROOT = pathlib.Path(__file__).resolve().parents[3]


def library(cases, mail):
    """Rows of id, kind and answer."""
    command = ["cargo", "run", "--quiet", "--package", "lorecast-tracker", "--example", "cases", "--", cases, mail]
    output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [line.split("\t") for line in output.splitlines()]


def of_kinds(path, *kinds):
    sets = json.loads(path.read_text()).values()
    cases = [case for one in sets if isinstance(one, list) for case in one]
    return [case for case in cases if case["kind"] in kinds]


def mailbox(mail, case):
    return mail / case["peer"] / case["file"].rsplit("/", 1)[-1]


def exported(lorecast, path):
    """The revisions of a mailbox as the product prints them: sorted (version, ids)."""
    with tempfile.TemporaryDirectory() as folder:
        show = pathlib.Path(folder) / "show"
        run = lambda *words: subprocess.run([lorecast, *words], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        run("init", show)
        run("--show", show, "ingest", path)
        (show / "series.tsv").write_bytes(run("--show", show, "export", "series", "--format", "tsv"))
        export = figures.Export(show / "series.tsv")
    return sorted((int(row["revision"].split(".")[0]), int(row["patches"]), export.messages(row)) for row in export.rows)


def product(lorecast, cases, mail):
    """How many grouping cases come out of the product as expected; prints the others."""
    right = 0
    for case in cases:
        found = exported(lorecast, mailbox(mail, case))
        expect = case["expect"]
        if isinstance(expect["series"], list):
            wanted = [(one["version"], {mid.strip("<>") for mid in one["msgids"]}, one["has_cover"]) for one in expect["series"]]
            good = len(wanted) == len(found) and all(
                any(version == one[0] and ids <= set(one[2]) and len(one[2]) == len(ids) + cover for one in found)
                for version, ids, cover in wanted
            )
        else:
            good = (len(found), sum(one[1] for one in found)) == (expect["series"], expect["patches"])
            good = good and all(len(one[2]) == one[1] + expect["has_cover"] for one in found)
        right += good
        if not good:
            print(f"  product, {case['id']}: {[(one[0], one[1], len(one[2]) - one[1]) for one in found]}")
    return right


def b4_agrees(python, cases, mail):
    files = {mailbox(mail, case).name: case for case in cases}
    right = 0
    for answer in b4_python.ask(python, "mailboxes", *(mailbox(mail, case) for case in cases)):
        wanted = sorted(one["patches"] for one in files[answer["file"]]["expect"]["series"])
        found = sorted(patches for _, patches, _ in answer["series"])
        right += found == wanted
        if found != wanted:
            print(f"  b4, {answer['file']}: series of {found} patches and not {wanted}")
    return right


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("cases", type=pathlib.Path)
    options.add_argument("mail", type=pathlib.Path)
    options.add_argument("--lorecast")
    options.add_argument("--b4", help="a virtual environment with b4")
    options.add_argument("--no-b4", action="store_true")
    options = options.parse_args()
    path, mail = figures.needed(options.cases).resolve(), figures.needed(options.mail).resolve()
    kinds = defaultdict(lambda: [0, 0, 0])
    for name, kind, answer in library(path, mail):
        for key in (kind, "all"):
            kinds[key][0] += 1
            kinds[key][1] += answer == "ok"
            kinds[key][2] += answer == "missing"
        if answer != "ok":
            print(f"  {name}: {answer}")
    print("peer cases answered as expected")
    for kind, (n, right, missing) in sorted(kinds.items()):
        figures.show(f"  {kind}: lorecast", right, n, f"{missing} not answered" if missing else "")
    grouping = of_kinds(path, "series-grouping", "cover-detection")
    if options.lorecast:
        figures.show("  grouping, through ingest and export: lorecast", product(options.lorecast, grouping, mail), len(grouping))
    python = None if options.no_b4 else b4_python.find(options.b4)
    if python:
        theirs = [case for case in grouping if case["peer"] == "patchwork"]
        figures.show("  Patchwork's grouping mailboxes: b4", b4_agrees(python, theirs, mail), len(theirs))
    print("  (quoted from the issue: b4 disagrees with 7 of Patchwork's 28 mailboxes; to reach: all)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
