#!/usr/bin/env python3
"""How many patches get exactly the subsystems that scripts/get_maintainer.pl --subsystem names.

    tests/parity/drafting/subsystems.py TRUTH TREES MIRRORS...          rows of subsystems.tsv
    tests/parity/drafting/subsystems.py --script KERNEL MIRRORS...      against the script itself

TRUTH is subsystems.tsv, TREES the folder with MAINTAINERS-6.1 and -6.12, MIRRORS hold bare public
inboxes. Only rows whose mail a mirror holds are counted; `n` says how many. KERNEL is a kernel tree,
or a folder with its MAINTAINERS, scripts/get_maintainer.pl and (empty) folders; 300 mails are drawn
with the seed printed (`COUNT=1000 SEED=2` change that). The script takes a quarter of a second each.
Needs `cargo build -p lorecast-drafter --example subsystems_of`, with `--release` for the times.
"""

import email
import email.policy
import json
import math
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import mirrors

ROOT = pathlib.Path(__file__).parents[3]


def example():
    for kind in ("release", "debug"):
        path = ROOT / "target" / kind / "examples/subsystems_of"
        if path.is_file():
            return path, kind
    sys.exit("run `cargo build -p lorecast-drafter --example subsystems_of` first")


def mails(folders):
    for folder in folders:
        for mirror in sorted(pathlib.Path(folder).glob("*.git")):
            yield from mirrors.mails(mirror)


def message_id(raw):
    found = re.search(rb"^message-id:\s*<([^>]+)>", raw[:30000], re.I | re.M)
    return found and found[1].decode("latin1")


def ours(maintainers, files, *options):
    path, kind = example()
    run = subprocess.run([path, maintainers, *options, *files], capture_output=True, text=True, check=True)
    print(f"  ({kind}: {' '.join(run.stderr.split())})")
    return [json.loads(line)["subsystems"] for line in run.stdout.splitlines()]


def share(what, hits, n):
    z, p = 1.96, hits / max(n, 1)
    middle = (p + z * z / (2 * n)) / (1 + z * z / n) if n else 0
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) if n else 1
    print(f"{what}: {hits}/{n} = {100 * p:.1f} % [{100 * (middle - half):.1f}, {100 * (middle + half):.1f}]")


def against_truth(truth, trees, mirrors, room):
    rows = [line.rstrip("\n").split("\t") for line in open(truth) if not line.startswith("#")]
    head, rows = rows[0], {row[1]: row for row in rows[1:]}
    found = {}
    for raw in mails(mirrors):
        id = message_id(raw)
        if id in rows and id not in found:
            found[id] = room / f"{len(found)}.eml"
            found[id].write_bytes(raw)
    for version in ("6.1", "6.12"):
        column = head.index(f"subsystems_{version}")
        answers = ours(pathlib.Path(trees) / f"MAINTAINERS-{version}", found.values())
        sets = order = stable = 0
        for id, answer in zip(found, answers):
            wanted = rows[id][column].split(" | ")
            sets += set(answer) == set(wanted)
            if set(answer) != set(wanted):
                print("  differs:", id, sorted(set(answer) ^ set(wanted)))
            if rows[id][head.index("stable_order")] == "yes":
                stable += 1
                order += answer == wanted
        share(f"{version}: equal sets", sets, len(found))
        share(f"{version}: equal order, where Perl's is stable", order, stable)


def as_asked(raw):
    """From, Subject, Message-ID and the decoded body."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    body = mail.get_body(("plain",))
    text = body.get_content().replace("\r\n", "\n") if body else ""
    return f"From: {mail['From']}\nSubject: {mail['Subject']}\nMessage-ID: {mail['Message-ID']}\n\n{text}"


def against_script(kernel, mirrors, room):
    seed, count = int(os.environ.get("SEED", "1")), int(os.environ.get("COUNT", "300"))
    posted = sorted({message_id(raw) or "": raw for raw in mails(mirrors) if b"\n+++ " in raw}.items())
    random.Random(seed).shuffle(posted)
    names, answers, files = [], [], []
    for id, raw in posted:
        if len(files) == count:
            break
        try:
            text = as_asked(raw).encode("utf-8")
        except (UnicodeError, LookupError, AttributeError, ValueError):
            continue
        if not re.search(rb"^\+\+\+ ", text, re.M):
            continue
        (room / "asked").write_bytes(text)
        run = subprocess.run(["perl", "scripts/get_maintainer.pl", "--no-tree", "--no-email", "--no-l",
                              "--subsystem", room / "asked"], cwd=kernel, capture_output=True, text=True,
                             env={**os.environ, "LC_ALL": "C.UTF-8"})
        files.append(room / f"{len(files)}.eml")
        files[-1].write_bytes(raw)
        names.append(id)
        answers.append(set(run.stdout.splitlines()))
    sets = 0
    for id, wanted, answer in zip(names, answers, ours(pathlib.Path(kernel) / "MAINTAINERS", files)):
        sets += set(answer) == wanted
        if set(answer) != wanted:
            print("  differs:", id, sorted(set(answer) ^ wanted))
    share(f"seed {seed}: equal sets", sets, len(names))


def main():
    with tempfile.TemporaryDirectory() as room:
        room = pathlib.Path(room)
        if sys.argv[1:2] == ["--script"]:
            against_script(sys.argv[2], sys.argv[3:], room)
        elif len(sys.argv) > 3:
            against_truth(sys.argv[1], sys.argv[2], sys.argv[3:], room)
        else:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
