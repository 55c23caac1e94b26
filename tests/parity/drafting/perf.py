#!/usr/bin/env python3
"""How long a draft of the busiest week takes, and of 9,000 mails of it by repetition.

    tests/parity/drafting/perf.py MIRRORS LORECAST [RUNS]

MIRRORS is a folder of bare public inboxes, LORECAST a program built with `--release`. The seven days
with the most mails become one mbox; for the second, the same mails are repeated under new ids until
there are 9,000. Each goes into a show of its own, is drafted once to warm the store, and then RUNS
times (5) as a new episode. Printed: the median and the worst time, the processors' own time, which a
busy machine does not lengthen, and the largest memory.
"""

import collections
import datetime
import email.utils
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import mirrors

MANY = 9000
DAY = datetime.timedelta(days=1)
FIELD = re.compile(rb"(?im)^(message-id|date):[ \t]*(.+)")
IDS = re.compile(rb"(?im)^(?:message-id|in-reply-to|references):.*(?:\n[ \t].*)*")


def read(folder):
    """Each mail once, with its day."""
    mails = {}
    for mirror in sorted(pathlib.Path(folder).glob("*.git")):
        for raw in mirrors.mails(mirror):
            fields = {k.lower(): v.strip() for k, v in FIELD.findall(raw.split(b"\n\n", 1)[0])}
            try:
                date = email.utils.parsedate_to_datetime(fields[b"date"].decode("latin1"))
                day = date.astimezone(datetime.timezone.utc).date()
            except (KeyError, ValueError, TypeError, OverflowError):
                continue
            mails.setdefault(fields.get(b"message-id"), (day, raw))
    mails.pop(None, None)
    return list(mails.values())


def busiest(mails):
    """The seven days with the most mails: the last of them, and the mails."""
    days = collections.Counter(day for day, _ in mails)
    last = max(sorted(days), key=lambda end: sum(days[end - n * DAY] for n in range(7)))
    return last, [raw for day, raw in mails if last - 6 * DAY <= day <= last]


def renamed(raw, copy):
    """The mail under another id, in a thread of its own copy."""
    head, _, body = raw.partition(b"\n\n")
    mark = b"<copy%d." % copy
    return IDS.sub(lambda field: field.group().replace(b"<", mark), head) + b"\n\n" + body


def mbox(file, mails):
    with open(file, "wb") as out:
        for raw in mails:
            out.write(b"From a@example Thu Jan  1 00:00:00 1970\n")
            out.write(re.sub(rb"(?m)^(>*From )", rb">\1", raw) + b"\n\n")


def run(command, folder):
    """Seconds, those of the processor, and the most memory in bytes."""
    start = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {errors.decode(errors='replace')}")
    seconds = time.monotonic() - start
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def measure(name, lorecast, last, mails, runs):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        mbox(root / "week.mbox", mails)
        show = root / "show"
        run([lorecast, "init", show], root)
        run([lorecast, "ingest", root / "week.mbox", "--show", show], root)
        draft = [lorecast, "draft", "--week", last.isoformat(), "--show", show]
        times, busy, memory = [], [], []
        for _ in range(runs + 1):
            for file in (show / "episodes" / last.isoformat()).glob("*"):
                file.unlink() if file.is_file() else None
            seconds, processor, peak = run(draft, root)
            times.append(seconds)
            busy.append(processor)
            memory.append(peak)
        times, busy = times[1:], busy[1:]
        print(
            f"{name}: {len(mails)} mails, draft {statistics.median(times):.2f} s "
            f"(worst of {runs}: {max(times):.2f} s; "
            f"of processors {statistics.median(busy):.2f} s), {max(memory) / 1e6:.0f} MB"
        )


def main():
    folder, lorecast = sys.argv[1], pathlib.Path(sys.argv[2]).absolute()
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    last, week = busiest(read(mirrors.figures.needed(folder)))
    measure(f"the busiest week, to {last}", lorecast, last, week, runs)
    repeated = [
        renamed(week[n % len(week)], n // len(week)) if n >= len(week) else week[n]
        for n in range(MANY)
    ]
    measure("the same by repetition", lorecast, last, repeated, runs)


if __name__ == "__main__":
    main()
