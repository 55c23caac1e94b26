#!/usr/bin/env python3
"""Times a warm `lorecast search` of 200 hits and a warm `lorecast thread` of about 50 mails.

Usage: tests/parity/archives/warm.py SHOW LORECAST [QUERY…]

Prints the median, the fastest and the slowest of 20 whole-process runs after three to warm up, in
milliseconds, and beside them the start of the process alone (`lorecast --version`), and what is left when
that is taken away. Each query is asked for 200 hits, as JSON, best first and newest first; the number of
hits shown stands in the line. The first query has about 200 hits in all: it is a word that so many subjects
have; the others have more at full size, which ranking must look at. The thread is the one whose size is nearest to 50. Needs Python 3.
"""
import json
import re
import statistics
import subprocess
import sys
import time
from collections import Counter

QUERIES = ["deadlock", "s:patch f:axboe", '"use after free"', "dfb:kfree", "io_uring OR efi"]
RUNS, WARM_UP = 20, 3


def timed(command):
    """Milliseconds of each run, and what the last one printed."""
    took = []
    for _ in range(WARM_UP + RUNS):
        start = time.perf_counter()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        took.append(1000 * (time.perf_counter() - start))
        if done.returncode == 2:
            return [], done.stderr.decode().strip()
    return took[WARM_UP:], done.stdout


def line(what, command, idle, describe):
    took, printed = timed(command)
    if not took:
        print(f"{what:44} FAILED: {printed}")
        return
    middle = statistics.median(took)
    print(f"{what:44} {middle:8.1f} {min(took):8.1f} {max(took):8.1f} {middle - idle:8.1f}   {describe(printed)}")


def export(lorecast, show, table):
    command = [lorecast, "export", table, "--show", show, "--format", "jsonl"]
    return [json.loads(row) for row in subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()]


def word_in_200_subjects(lorecast, show):
    """A query for the word of subjects that is in nearest to 200 of them; in quotes, so that it is not stemmed."""
    counts = Counter(word for row in export(lorecast, show, "messages") for word in set(re.findall(r"\b[a-z]{4,}\b", row["subject"].lower())))
    word = min(counts, key=lambda word: (abs(counts[word] - 200), word))
    return f's:"{word}"'


def main():
    if len(sys.argv) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    show, lorecast, *queries = sys.argv[1:]
    threads = export(lorecast, show, "threads")
    if not threads:
        print(f"no threads in {show}: ingest something first", file=sys.stderr)
        return 2
    thread = min(threads, key=lambda row: (abs(row["messages"] - 50), row["thread_id"]))

    print(f"{sum(row['messages'] for row in threads)} mails; milliseconds of a whole process, {RUNS} runs")
    print(f"{'':44} {'median':>8} {'fastest':>8} {'slowest':>8} {'no start':>8}")
    starts, _ = timed([lorecast, "--version"])
    idle = statistics.median(starts)
    print(f"{'the process alone':44} {idle:8.1f} {min(starts):8.1f} {max(starts):8.1f}")
    for query in queries or [word_in_200_subjects(lorecast, show), *QUERIES]:
        for order in ([], ["--newest"]):
            command = [lorecast, "search", "--show", show, "--format", "json", "--limit", "200", *order, "--", query]
            line(f"search {' '.join([*order, query])}", command, idle, lambda printed: f"{len(json.loads(printed or b'[]'))} hits")
    line("thread", [lorecast, "thread", "--show", show, thread["thread_id"]], idle, lambda _: f"{thread['messages']} mails")
    return 0


if __name__ == "__main__":
    sys.exit(main())
