#!/usr/bin/env python3
"""Prints the senders of all mails below a folder of bare public inboxes, read by Python alone.

    senders.py MIRRORS > SENDERS.tsv

Columns as in a table of headers: list, id, seconds, in-reply-to, references (both empty), sender.
"""

import email
import email.header
import pathlib
import subprocess
import sys
from email.utils import parsedate_to_datetime


def decoded(text):
    try:
        text = str(email.header.make_header(email.header.decode_header(text)))
    except Exception:
        pass
    return " ".join(text.split())


def mails(inbox):
    log = subprocess.Popen(["git", "-C", inbox, "log", "--all", "--format=%H:m"], stdout=subprocess.PIPE)
    cat = subprocess.Popen(["git", "-C", inbox, "cat-file", "--batch"], stdin=log.stdout, stdout=subprocess.PIPE)
    while header := cat.stdout.readline():
        if header.endswith(b" missing\n"):
            continue
        raw = cat.stdout.read(int(header.split()[2]))
        cat.stdout.read(1)
        yield email.message_from_bytes(raw.split(b"\n\n", 1)[0] + b"\n\n")


def main():
    if len(sys.argv) != 2 or not pathlib.Path(sys.argv[1]).is_dir():
        print("SKIPPED: no folder of inboxes")
        return
    for inbox in sorted(pathlib.Path(sys.argv[1]).iterdir()):
        for mail in mails(inbox):
            try:
                seconds = int(parsedate_to_datetime(mail["Date"]).timestamp())
            except Exception:
                continue
            sender, mid = decoded(mail.get("From", "")), mail.get("Message-ID", "").strip("<> \n")
            print(inbox.name.removesuffix(".git"), mid, seconds, "", "", sender, "", sep="\t")


main()
