#!/usr/bin/env python3
"""How many threads that people picked the ranking puts near the top, beside counting messages.

    tests/parity/drafting/ranking.py SHOW EDITORIAL [LORECAST]

SHOW is a show whose archives hold April 2023, EDITORIAL the folder with tinylab-items.json and
lwn-covered-threads.json. Only picks whose thread the archives hold are counted; `n` says how many.
Both orders are measured on the same threads of the same weeks.
"""

import datetime
import json
import math
import pathlib
import subprocess
import sys
from collections import Counter, defaultdict

TOPS = (12, 25, 50)
DAY = datetime.timedelta(days=1)


def export(lorecast, show, table, first, end):
    command = [lorecast, "export", table, "--show", show, "--format", "jsonl"]
    command += ["--from", first.isoformat(), "--to", end.isoformat()]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def lwn_weeks(folder):
    weeks = json.loads((folder / "lwn-covered-threads.json").read_text())["weeks"]
    for week in weeks:
        first = datetime.date.fromisoformat(week["week_start"])
        if first.isoformat() >= "2023-03-30":
            picks = [(item["linked"] + [item["thread_root"]], None) for item in week["covered"]]
            yield "lwn", first, first + 7 * DAY, picks


def tinylab_weeks(folder):
    weeks = defaultdict(list)
    for item in json.loads((folder / "tinylab-items.json").read_text()):
        if item["message_id"]:
            weeks[item["issue_date"]].append(([item["message_id"]], item["list"]))
    for last, picks in sorted(weeks.items()):
        last = datetime.date.fromisoformat(last)
        yield "tinylab", last - 6 * DAY, last + DAY, picks


def interval(hits, n):
    """Wilson's 95 % interval of a proportion."""
    if n == 0:
        return (0.0, 1.0)
    z, p = 1.96, hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half, middle + half)


def place_in(threads, lists, name, thread):
    near = [other for other in threads if name in lists[other]]
    return near.index(thread) if thread in near else len(threads)


def main():
    show, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    lorecast = sys.argv[3] if len(sys.argv) > 3 else "lorecast"
    everything = export(lorecast, show, "messages", datetime.date(2000, 1, 1), datetime.date(2100, 1, 1))
    thread_of = {row["message_id"]: row["thread_id"] for row in everything}
    hits, total, in_list, list_total = Counter(), Counter(), Counter(), Counter()
    for source, first, end, picks in list(lwn_weeks(folder)) + list(tinylab_weeks(folder)):
        ranking = export(lorecast, show, "ranking", first, end)
        counts, lists = Counter(), defaultdict(set)
        for row in everything:
            if first.isoformat() <= row["date"] < end.isoformat():
                counts[row["thread_id"]] += 1
                names = row["lists"].split(",") if isinstance(row["lists"], str) else row["lists"]
                lists[row["thread_id"]].update(name.split(".")[0] for name in names)
        orders = {
            "ranking": [row["thread_id"] for row in ranking],
            "messages": sorted(counts, key=lambda thread: (-counts[thread], thread)),
        }
        wanted = {(thread_of[i], name) for ids, name in picks for i in ids if i in thread_of}
        wanted = {(thread, name) for thread, name in wanted if thread in counts}
        for thread in {thread for thread, _ in wanted}:
            total[source] += 1
            for order, threads in orders.items():
                place = threads.index(thread) if thread in threads else len(threads)
                for top in TOPS:
                    hits[source, order, top] += place < top
        if source == "tinylab":
            picked = Counter(name for _, name in wanted)
            for thread, name in wanted:
                own = [other for other in orders["messages"] if name in lists[other]]
                if thread not in own:
                    continue
                list_total["own"] += 1
                for order, threads in orders.items():
                    place = place_in(threads, lists, name, thread)
                    for top in (5, 10):
                        in_list[order, "own", top] += place < top
                    in_list[order, "own", "picks"] += place < picked[name]
            for thread in {thread for thread, _ in wanted}:
                list_total["all"] += 1
                for order, threads in orders.items():
                    best = min(place_in(threads, lists, name, thread) for name in lists[thread])
                    for top in (5, 10):
                        in_list[order, top] += best < top
    for source in ("lwn", "tinylab"):
        n = total[source]
        for top in TOPS:
            cells = []
            for order in ("ranking", "messages"):
                found = hits[source, order, top]
                low, high = interval(found, n)
                cells.append(f"{order} {found}/{n} ({low:.0%}-{high:.0%})")
            print(f"{source:8} top {top:2} of all lists: " + ", ".join(cells))
    def both(found, n):
        cells = []
        for order in ("ranking", "messages"):
            low, high = interval(found(order), n)
            share = found(order) / n if n else 0
            cells.append(f"{order} {share:.0%} ({found(order)}/{n}, {low:.0%}-{high:.0%})")
        return ", ".join(cells)

    for top in (5, 10):
        cells = both(lambda order: in_list[order, top], list_total["all"])
        print(f"tinylab  top {top:2} of one of their lists: {cells}")
    for top, name in ((5, "top  5"), (10, "top 10"), ("picks", "as many as were picked")):
        cells = both(lambda order: in_list[order, "own", top], list_total["own"])
        print(f"tinylab  {name} of the list they were picked from: {cells}")


if __name__ == "__main__":
    main()
