#!/usr/bin/env python3
"""Holds the writers of mails against known cases and against `git mailinfo`.

    writers.py CASES.tsv [FOLDER-OF-BARE-GIT-EPOCHS…]

First every case of CASES (columns kind, list, message_id, from_decoded,
expected) that a From line and an id can decide: a mail is made of them; what the case says of
Reply-To or of the body's From is put there. Notices that only their subject tells (linux-next, stable
queues) get such a subject. Then, for each folder, the author of every patch that is no answer as
`git mailinfo` reads it, and how many Froms that lists and relays rewrote were resolved.
"""
import json
import pathlib
import re
import subprocess
import sys
from collections import Counter

HERE = pathlib.Path(__file__).resolve()
ROOT = HERE.parents[3]
DIFF = "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+b\n"
SUBJECTS = {
    "bot:linux-next": "linux-next: manual merge of the a tree with the b tree",
    "bot:stable review": 'Patch "a: b" has been added to the 6.6-stable tree',
}
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[1] / "tracking")]
import figures  # noqa: E402
from mail_vs_python import mails  # noqa: E402


def read(raw):
    """What lorecast-mail makes of mails, in order."""
    command = ["cargo", "run", "-q", "-p", "lorecast-mail", "--example", "mail_as_json"]
    whole = b"".join(b"%d\n%s" % (len(mail), mail) for mail in raw)
    done = subprocess.run(command, cwd=ROOT, input=whole, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return [json.loads(line) for line in done.stdout.splitlines()]


def mail_of(case):
    kind, expected = case["kind"], case["expected"]
    subject = next((text for start, text in SUBJECTS.items() if kind.startswith(start)), "[PATCH] a")
    lines, top = [f"Subject: {subject}", f"List-Id: <{case['list'].removesuffix('.0')}>"], ""
    if reply := re.search(r"Reply-To (\S+)", expected):
        lines.append(f"Reply-To: {reply[1]}")
    if address := re.fullmatch(r"author address = (\S+)", expected):
        top = f"From: {case['from_decoded'].split(' <')[0]} <{address[1]}>\n\n"
    elif author := re.fullmatch(r"author = (.+)", expected):
        top = f"From: {author[1]} <author@a.example>\n\n"
    if kind == "bot:auto-generated header":
        lines.append("Auto-Submitted: auto-generated")
    head = [f"From: {case['from_decoded']}", f"Message-ID: <{case['message_id']}>", "Date: Mon, 10 Apr 2023 12:00:00 +0000"]
    return "\n".join([*head, *lines, "", top + DIFF]).encode()


def verdict(case, message):
    writer, sent = message["writer"], message["header"]["from"]
    who, expected = writer["who"], case["expected"]
    employer = (writer["declared"] or {}).get("employer")
    if case["kind"].startswith("bot:"):
        return writer["robot"]
    if expected == "human":
        return not writer["robot"]
    if wanted := re.search(r"author address = (?:Reply-To )?(\S+)", expected):
        return who["email"] == wanted[1] and " via " not in who["name"]
    if wanted := re.fullmatch(r"author = (.+)", expected):
        return who["name"] == wanted[1]
    if wanted := re.fullmatch(r"self-declared employer (.+)", expected):
        return employer == wanted[1]
    if expected == "no employer":
        return employer is None
    if expected == "reorder":
        return who["name"] == " ".join(reversed(sent["name"].split(", ")))
    return who["name"] == sent["name"]


def cases(path):
    rows = [row for row in figures.table(path) if row["kind"] != "homonym"]
    right, count = Counter(), Counter()
    for row, message in zip(rows, read([mail_of(row) for row in rows])):
        good = verdict(row, message)
        count[row["kind"]] += 1
        right[row["kind"]] += good
        if not good:
            print("wrong:", row, message["writer"])
    for kind in sorted(count):
        figures.show(kind, right[kind], count[kind])
    figures.show("all cases", right.total(), count.total())


def archives(folder):
    raw = {}
    for _, mail in mails(folder):
        raw.setdefault(mail, None)
    patches = equal = rewritten = resolved = 0
    seen = set()
    for mail, message in zip(raw, read(raw)):
        header, who = message["header"], message["writer"]["who"]
        if header["id"] in seen:
            continue
        seen.add(header["id"])
        via = " via " in header["from"]["name"]
        rewritten += via
        told = who["email"] != header["from"]["email"]
        resolved += via and told
        if via and not told:
            print("not resolved:", header["id"], header["from"])
        answer = re.match(r"(?i)(re|aw|fwd?):", header["subject"])
        patch = re.search(r"(?i)\[[^\]]*(patch|rfc)", header["subject"])
        if via or answer or not patch or not message["diff"] or message["writer"]["robot"]:
            continue
        done = subprocess.run(["git", "mailinfo", "-k", "/dev/null", "/dev/null"], input=mail, capture_output=True)
        email = re.search(rb"(?m)^Email: (.*)$", done.stdout)
        patches += 1
        if email and email[1].decode("utf-8", "replace").strip().lower() == who["email"].lower():
            equal += 1
        else:
            print("other:", header["id"], email and email[1], who)
    print(folder)
    figures.show("authors as git mailinfo has them", equal, patches)
    figures.show("senders that a list or relay rewrote, resolved", resolved, rewritten)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    cases(sys.argv[1])
    for argument in sys.argv[2:]:
        archives(argument)
