#!/usr/bin/env python3
"""Runs a command and says what it cost.

Usage: tests/parity/archives/measure.py [--tsv FILE --name NAME] COMMAND…

Prints on stderr, or appends to FILE as one line `name cpu wall peak_process peak_tree exit`:
  cpu           user + system seconds of the command and of all children it waited for (wait4)
  wall          seconds from start to end
  peak_process  KiB of the largest single process (ru_maxrss)
  peak_tree     KiB of the whole process tree, resident, sampled every 200 ms; pages that processes
                share count once (PSS)
Exits as the command did. Needs Linux.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import threading
import time


def tree(root):
    """The process ids below and including a root."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = pathlib.Path("/proc", entry, "stat").read_text(errors="replace")
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += parents.get(pid, [])
    return found


def resident(pid):
    """KiB of a process, its share of shared pages only; 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as rollup:
            return next((int(line.split()[1]) for line in rollup if line.startswith("Pss:")), 0)
    except OSError:
        return 0


def run(command, **options):
    """Runs a command; its cost as a dict. Options go to Popen."""
    start = time.monotonic()
    child = subprocess.Popen(command, **options)
    peak, ended = [0], threading.Event()

    def sample():
        while not ended.is_set():
            peak[0] = max(peak[0], sum(map(resident, tree(child.pid))))
            ended.wait(0.2)

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    ended.set()
    sampler.join()
    child.returncode = os.waitstatus_to_exitcode(status)
    return {
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": wall,
        "peak_process": usage.ru_maxrss,
        "peak_tree": max(peak[0], usage.ru_maxrss),
        "exit": child.returncode,
    }


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("--tsv")
    options.add_argument("--name", default="")
    options.add_argument("command", nargs=argparse.REMAINDER)
    options = options.parse_args()
    if not options.command:
        options.error("a command is missing")
    cost = run(options.command)
    if options.tsv:
        with open(options.tsv, "a") as table:
            fields = [options.name, f"{cost['cpu']:.3f}", f"{cost['wall']:.3f}", cost["peak_process"], cost["peak_tree"], cost["exit"]]
            print(*fields, sep="\t", file=table)
    else:
        words = " ".join(f"{key}={value:.3f}" if isinstance(value, float) else f"{key}={value}" for key, value in cost.items())
        print(words, file=sys.stderr)
    return cost["exit"] if cost["exit"] >= 0 else 128 - cost["exit"]


if __name__ == "__main__":
    sys.exit(main())
