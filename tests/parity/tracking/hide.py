#!/usr/bin/env python3
"""Writes archives from which something is taken away, so that the tracker must do without it.

Usage: tests/parity/tracking/hide.py covers|threads|bots MAILS OUT

MAILS is a folder of bare public-inbox v2 epochs (*.git); OUT gets one mboxrd file for each.

  covers   cover letters (0/n) are left out
  threads  the In-Reply-To and References of every patch and cover letter keep only mails of the same
           posting: same sender, total and version (or none said below the cover letter or first patch),
           within twelve hours; for a numbered patch also what may be its cover letter though it says no n/m,
           and mails that are not in MAILS. Answers keep the mails between them and the posting. What the
           text says (`Link to v1: …`) stays.
  bots     mails of tip-bot2 lose In-Reply-To and References, and the lines `Link:` and `Message-ID:` of their text

Needs Python 3.9 and git.
"""
import pathlib
import re
import sys

import mailstore

HALF_A_DAY = 12 * 3600
FIELDS = re.compile(rb"^(?:in-reply-to|references):.*(?:\r?\n[ \t].*)*\r?\n?", re.I | re.M)
TRAILERS = re.compile(rb"^(?:link|message-id):(?:[^\n]*=\r?\n)*[^\n]*\n", re.I | re.M)


def covers(mail, raw, mails):
    return None if mail.is_cover() or mails[mail.id].is_cover() else raw


def threads(mail, raw, mails):
    return with_references(raw, hidden(mail, mails))


def bots(mail, raw, mails):
    if not mail.sender.startswith("tip-bot2@"):
        return raw
    head, body = mailstore.split(raw)
    return with_references(head + b"\n\n" + TRAILERS.sub(b"", body), [])


def hidden(mail, mails):
    """The references of a mail that stay."""
    chain, seen = [], {mail.id}
    while mail is not None:
        if mail.posting:
            return [one for one in mail.references if stays(one, mail, mails)] + chain
        parent = mail.references[-1] if mail.references else None
        if parent is None or parent in seen:
            break
        seen.add(parent)
        chain.insert(0, parent)
        mail = mails[parent] if parent in mails else None
    return chain


def stays(one, mail, mails):
    """Whether a patch or cover letter keeps a reference."""
    if mail.total is None:
        return False
    if one not in mails:
        # The cover letter or first patch went to another list.
        return mail.number > 0
    other = mails[one]
    if other.sender != mail.sender or other.reply or abs(other.date - mail.date) > HALF_A_DAY:
        return False
    if other.total is None or other.total != mail.total:
        # Some covers have no n/m, or say another m; those of another version are no covers.
        return (other.number or 0) == 0 and (not mail.versioned or mail.version == other.version)
    return mail.version == other.version or not mail.versioned and other.number in (0, 1)


def with_references(raw, references):
    head, body = mailstore.split(raw)
    head = FIELDS.sub(b"", head + b"\n").rstrip(b"\r\n")
    if references:
        head += b"\nReferences: " + b"\n ".join(f"<{one}>".encode() for one in references)
        head += f"\nIn-Reply-To: <{references[-1]}>".encode()
    return head + b"\n\n" + body


def main():
    ways = {"covers": covers, "threads": threads, "bots": bots}
    if len(sys.argv) != 4 or sys.argv[1] not in ways:
        print(__doc__, file=sys.stderr)
        return 2
    way, folder, out = ways[sys.argv[1]], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    mails = mailstore.Mails(folder)
    read = written = changed = 0
    for source in sorted(folder.glob("*.git")):
        with open(out / f"{source.stem}.mbox", "wb") as mbox:
            for place, raw in mailstore.read(source):
                mail = mailstore.Mail(source, place, mailstore.split(raw)[0])
                new = way(mail, raw, mails) if mail.id else raw
                read, changed = read + 1, changed + (new != raw)
                if new is None:
                    continue
                written += 1
                mbox.write(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + mailstore.escaped(new))
                mbox.write(b"\n" if new.endswith(b"\n") else b"\n\n")
    print(f"{read} mails read, {written} written to {out}, {changed} left out or changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
