"""Tables in, figures out: what the scripts of this folder share."""
import csv
import math
import pathlib
import sys


def wilson(hits, n, z=1.96):
    """The 95 % interval of a share (Wilson's score interval), in percent."""
    if n == 0:
        return 0.0, 100.0
    share, z2 = hits / n, z * z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def show(what, hits, n, note=""):
    """Prints a share with its n and its interval."""
    if n == 0:
        print(f"{what:<52} no case")
        return
    low, high = wilson(hits, n)
    print(f"{what:<52} {100 * hits / n:6.2f} %  n {n:5}  95 % {low:5.1f}-{high:5.1f}{'  ' + note if note else ''}")


def table(path):
    """The rows of a table with a header line (a `#` before it is dropped), as dictionaries."""
    path = needed(path)
    with open(path, encoding="utf-8", newline="") as lines:
        header = next(lines).lstrip("#").rstrip("\r\n").split("\t")
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [dict(zip(header, row)) for row in reader if row and not row[0].startswith("#")]


def needed(path):
    """The path when it is there; else says so and stops with success: no data, no figure."""
    path = pathlib.Path(path)
    if not path.exists():
        print(f"SKIPPED: {path} is not there", file=sys.stderr)
        sys.exit(0)
    return path


class Export:
    """What `lorecast export series --format tsv` said."""

    def __init__(self, path):
        self.rows = table(path)
        self.by_root = {row["root"]: row for row in self.rows}
        self.revision_of = {}
        for row in self.rows:
            for message in self.messages(row):
                self.revision_of[message] = row

    @staticmethod
    def messages(row):
        """The ids of a revision: cover letter, then patches. Only the root where the column is missing."""
        return [message for message in (row.get("messages") or row["root"]).split(",") if message]

    def has_messages(self):
        return bool(self.rows) and "messages" in self.rows[0]
