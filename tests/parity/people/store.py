#!/usr/bin/env python3
"""Are people known through the store as they are by their headers, and how fast?

    store.py SHOW MAILMAP CASES.tsv [HEADERS.tsv.gz …]

SHOW is a show with an index; LORECAST the program (default: `lorecast`). Of its people, as
`lorecast people` makes them:

- pairs of addresses that MAILMAP gives one person are looked for (the show must not name that mailmap);
- the senders of CASES that must stay apart, and that are programs or people, are looked up; where no
  mail of theirs is in the show, they are not counted.

With HEADERS (columns list, message_id, time, …, from, …) a show of mails made of these headers is
ingested in a temporary folder, and the persons behind all of its mails are made on one core.
"""
import collections
import csv
import email.utils
import gzip
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1] / "tracking"))
import figures  # noqa: E402

PROGRAM = os.environ.get("LORECAST", "lorecast")
SHARED = ("gmail.com", "kernel.org", "linux.dev")


def lorecast(show, *arguments, one_core=False):
    command = [PROGRAM, *arguments, "--show", str(show)]
    if one_core:
        command = ["taskset", "-c", "0", *command]
    out = subprocess.run(command, capture_output=True, text=True)
    if out.returncode == 2:
        sys.exit(out.stderr)
    return out.stdout


def parsed(sender):
    name, address = email.utils.parseaddr(sender)
    return name, address.lower()


def mailmap_owners(path):
    """The proper address of each address of the mailmap that stands there without a name."""
    owners = {}
    for line in figures.needed(path).read_text(encoding="utf-8", errors="replace").splitlines():
        addresses = re.findall(r"<([^>]+)>", line.split("#")[0])
        if addresses:
            owners[addresses[-1].lower()] = addresses[0].lower()
    return owners


def pairs(people, waiting, owners):
    of = {address.lower(): person for person in people for address in person["person"].get("emails", [])}
    groups = collections.defaultdict(set)
    for address in of:
        groups[owners.get(address, address)].add(address)
    names = {a: {p["person"]["name"], *p["person"].get("also", [])} for a, p in of.items()}
    found = {True: [], False: []}
    for group in groups.values():
        group = sorted(group)
        for at, one in enumerate(group):
            for other in group[at + 1:]:
                same = of[one]["id"] == of[other]["id"]
                fold = [{name.lower() for name in names[a] if " " in name} for a in (one, other)]
                found[bool(fold[0] & fold[1])].append(same)
                if not same:
                    asked = {frozenset((of[one]["id"], of[other]["id"]))} & waiting
                    print(f"    {'waits' if asked else 'missed'}: {one} {other}")
    equal, rest = found[True], found[False]
    figures.show("pairs of the mailmap with equal names", sum(equal), len(equal))
    figures.show("all pairs of the mailmap", sum(equal) + sum(rest), len(equal) + len(rest))


def organisation(address):
    return ".".join(address.rsplit("@", 1)[-1].split(".")[-2:])


def cases(show, people, rows):
    of = {address.lower(): person for person in people for address in person["person"].get("emails", [])}
    apart, held = [], set()
    for row in rows:
        name, address = parsed(row["from_decoded"])
        if row["kind"] == "homonym" and address in of and address not in held:
            held.add(address)
            domains = {organisation(a.lower()) for a in of[address]["person"]["emails"]} - set(SHARED)
            apart.append(len(domains) <= 1)
            if not apart[-1]:
                print(f"    MERGED {address}: {' '.join(of[address]['person']['emails'])}")
    figures.show("homonyms that stay apart", sum(apart), len(apart))
    robots, humans = collections.defaultdict(list), []
    seen = set()
    for row in rows:
        key = (row["kind"], parsed(row["from_decoded"])[1])
        if key in seen or not (row["kind"].startswith("bot:") or row["kind"] == "bot-lookalike-human"):
            continue
        seen.add(key)
        out = subprocess.run([PROGRAM, "people", "show", key[1], "--format", "json", "--show", str(show)],
                             capture_output=True, text=True)
        if out.returncode:
            continue
        robot = json.loads(out.stdout)["robot"]
        if row["kind"].startswith("bot:"):
            robots[row["kind"]].append(robot)
        else:
            humans.append(not robot)
    for kind, told in sorted(robots.items()):
        print(f"    {kind}: {sum(told)} of {len(told)} senders are programs")
    # Whoever sends a queue or a notice now and then is a person: there the mail is marked, not the sender.
    pure = ("kernel test robot", "kernelci", "other bots", "patchwork", "pr-tracker", "syzbot", "tip-bot", "bounces",
            "auto-generated")
    told = [robot for kind, all_ in robots.items() if any(word in kind for word in pure) for robot in all_]
    figures.show("programs known as programs", sum(told), len(told))
    figures.show("people whose names look like a program's", sum(humans), len(humans))


def mbox(files, out):
    """Mails made of headers alone, each once."""
    count, seen = 0, set()
    for path in files:
        opened = gzip.open if path.endswith(".gz") else open
        with opened(path, "rt", encoding="utf-8", newline="") as table:
            for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["message_id"] in seen or not row["time"].isdigit():
                    continue
                seen.add(row["message_id"])
                date = email.utils.formatdate(int(row["time"]))
                out.write(f"From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: {row['from']}\nDate: {date}\n"
                          f"Message-ID: <{row['message_id']}>\nSubject: {row['subject']}\n"
                          f"List-Id: <{row['list']}>\n\nx\n\n".encode())
                count += 1
    return count


def speed(files):
    with tempfile.TemporaryDirectory() as folder:
        show = pathlib.Path(folder) / "show"
        subprocess.run([PROGRAM, "init", str(show)], check=True, capture_output=True)
        box = pathlib.Path(folder) / "headers.mbox"
        with open(box, "wb") as out:
            count = mbox(files, out)
        lorecast(show, "ingest", str(box))
        box.unlink()
        begin = time.monotonic()
        people = json.loads(lorecast(show, "people", "list", "--top", "10000000", "--format", "json", one_core=True))
        seconds = time.monotonic() - begin
        print(f"{count} mails, {len(people)} people with employers, as a list, on one core: {seconds:.2f} s "
              f"({PROGRAM})")
        return people


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    show, rows = figures.needed(sys.argv[1]), figures.table(sys.argv[3])
    people = json.loads(lorecast(show, "people", "list", "--top", "10000000", "--format", "json"))
    mails = sum(person["mails"] for person in people)
    print(f"{len(people)} people with {mails} mails")
    of = {address.lower(): person["id"] for person in people for address in person["person"].get("emails", [])}
    review = json.loads(lorecast(show, "people", "review", "--format", "json"))
    ids = [[of.get(parsed(pair[side])[1] if isinstance(pair[side], str) else pair[side]["email"].lower())
            for side in ("one", "other")] for pair in review["pending"]]
    waiting = {frozenset(pair) for pair in ids}
    print(f"{len(review['merges'])} merges, {len(review['pending'])} pairs wait")
    owners = mailmap_owners(sys.argv[2])
    pairs(people, waiting, owners)
    cases(show, people, rows)
    files = [path for path in sys.argv[4:] if pathlib.Path(path).exists()]
    if files:
        people = speed(files)
        print("the same in the show of headers:")
        pairs(people, set(), owners)


if __name__ == "__main__":
    main()
