#!/usr/bin/env python3
"""Is what stands behind a name taken for an employer where it is one, and nowhere else?

    declared.py CASES.tsv [HEADERS.tsv.gz]

CASES are decoded From lines with the expected answer (`self-declared employer X`, `no employer`). Of
HEADERS every distinct From line with a remark in parentheses is read; where the domain of the address
is a company's, a remark that names another one is listed: it is a department, a nickname, or true.
"""
import collections
import csv
import gzip
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1] / "tracking"))
import figures  # noqa: E402


def read(lines):
    """(name, address, declared, employer by domain) of each From line."""
    command = ["cargo", "run", "-q", "-p", "lorecast-people", "--example", "declared"]
    out = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True,
                         check=True, cwd=HERE.parents[3]).stdout
    return [line.split("\t") for line in out.splitlines()]


def main():
    rows = [row for row in figures.table(sys.argv[1]) if row["kind"].startswith("paren-")]
    told = read([row["from_decoded"] for row in rows])
    for kind in ["paren-employer", "paren-not-employer"]:
        own = [(row, said) for row, said in zip(rows, told) if row["kind"] == kind]
        expected = [re.sub(r"^(self-declared employer|no employer) ?", "", row["expected"]) for row, _ in own]
        right = [said[2] == want for (_, said), want in zip(own, expected)]
        figures.show(kind, sum(right), len(own))
        for (row, said), fine in zip(own, right):
            if not fine:
                print(f"    {row['expected']}: `{said[2]}`")
    if len(sys.argv) < 3 or not pathlib.Path(sys.argv[2]).exists():
        return
    with gzip.open(sys.argv[2], "rt", encoding="utf-8", newline="") as table:
        froms = sorted({row["from"] for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
                        if re.search(r"\([^()]+\)", row["from"])})
    told = read(froms)
    declared = collections.Counter(said[2] for said in told if said[2])
    print(f"\n{len(froms)} From lines with a remark; employers:",
          ", ".join(f"{name} ({n})" for name, n in declared.most_common()))
    both = [said for said in told if said[2] and said[3]]
    figures.show("remark and domain agree", sum(said[2] == said[3] for said in both), len(both))
    for said in both:
        if said[2] != said[3]:
            print(f"    {said[1].split('@')[1]}: {said[3]} by domain, `{said[2]}` by the name")


if __name__ == "__main__":
    main()
