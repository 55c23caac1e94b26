#!/usr/bin/env python3
"""Kinds of stories against those that people gave to the items of a show.

    tests/parity/drafting/kinds.py items.json

Reads a JSON list of items with `kind` and `title`; prints the agreement with its n, on items that have
a title, and every disagreement. The titles carry no `[PATCH]`, so that a patch, a series, a driver and
a removal are one class here, told as `[PATCH] title`; a bug and a regression are one class as well.
"""
import json
import subprocess
import sys

FORM = {"series": "[PATCH 0/3] ", "patch": "[PATCH] ", "rfc": "[RFC PATCH] ", "pull_request": "[GIT PULL] ",
        "merge_note": "[PATCH 0/3] ", "other_release": "[ANNOUNCE] "}
SAME = {"mainline_release": {"mainline"}, "stable_release": {"stable"}, "rt_release": {"stable"},
        "other_release": {"release"}, "pull_request": {"pull"}, "rfc": {"rfc"}, "cfp": {"call"},
        "build_report": {"build"}, "maintainers": {"maintainers"}, "discussion": {"discussion"},
        "bug_report": {"bug", "regression"}, "regression_report": {"bug", "regression"},
        "patch": {"patch", "series", "driver", "removal", "maintainers"}}
SAME["series"] = SAME["merge_note"] = SAME["patch"]


def main(path):
    items = [i for i in json.load(open(path)) if i["title"] and i["kind"] in SAME]
    patch = lambda i: "[PATCH] " if i["title"].startswith("MAINTAINERS") else FORM.get(i["kind"], "")
    prefix = lambda i: "" if i["title"].startswith("[") else patch(i)
    # What the form decides alone is asked too, so that its tags never hide another kind.
    subjects = [prefix(i) + " ".join(i["title"].split()) for i in items]
    run = subprocess.run(["cargo", "run", "-q", "-p", "lorecast-drafter", "--example", "kinds"],
                         input="\n".join(subjects), text=True, capture_output=True, check=True)
    kinds = [line.split("\t")[0] for line in run.stdout.splitlines()]
    agreed = 0
    for item, subject, kind in zip(items, subjects, kinds, strict=True):
        if kind in SAME[item["kind"]]:
            agreed += 1
        else:
            print(f"{item['kind']}: told as {kind}: {subject}")
    print(f"kinds agree: {agreed} of {len(items)}")
    told = [(i, k) for i, k in zip(items, kinds) if i["kind"] not in FORM]
    free = sum(k in SAME[i["kind"]] for i, k in told)
    print(f"of those that no tag decides: {free} of {len(told)}")


if __name__ == "__main__":
    main(sys.argv[1])
