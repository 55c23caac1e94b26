#!/usr/bin/env python3
"""Makes more mail out of a corpus: the same threads again, with new ids and other dates.

Usage: tests/parity/archives/made_mails.py copy CORPUS NUMBER OUT
           all mails of all lists once more, as bare epochs OUT/LIST.git
       tests/parity/archives/made_mails.py newest EPOCH COUNT NAME OUT
           the newest COUNT mails of an epoch under new Message-IDs, their references kept: as files in
           OUT, and in the form that `git fast-import` appends to an epoch as OUT/stream

In a copy every id in Message-ID, References and In-Reply-To gets the same mark, so that threads stay
threads of that copy, and every date in the headers and in git goes back by 14 weeks for each copy (whole
weeks, so that names of days stay right). Bodies stay as they are: copies repeat their words, and an index
of them has no more words than the corpus. Needs git.
"""
import datetime
import pathlib
import re
import subprocess
import sys

import mails

WEEKS = 14
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
ID_HEADERS = re.compile(rb"^(?:message-id|references|in-reply-to):.*(?:\r?\n[ \t].*)*", re.I | re.M)
MESSAGE_ID = re.compile(rb"^message-id:.*(?:\r?\n[ \t].*)*", re.I | re.M)
ID = re.compile(rb"<([^<>\s]+)>")
DAY = re.compile(rb"\b(\d{1,2}) (" + "|".join(MONTHS).encode() + rb") (\d{4})(?= \d{1,2}:)")


def split(raw):
    """Header block and the rest."""
    end = re.search(rb"\r?\n\r?\n", raw)
    return (raw[: end.start()], raw[end.start() :]) if end else (raw, b"")


def marked(head, mark, headers=ID_HEADERS):
    """The header block with the mark in front of every id."""
    return headers.sub(lambda field: ID.sub(rb"<" + mark + rb".\1>", field[0]), head)


def shifted(head, days):
    """The header block with every date moved."""

    def move(found):
        try:
            day = datetime.date(int(found[3]), MONTHS.index(found[2].decode()) + 1, int(found[1])) + datetime.timedelta(days)
        except (ValueError, OverflowError):
            return found[0]
        return f"{day.day} {MONTHS[day.month - 1]} {day.year:04}".encode()

    return DAY.sub(move, head)


def times(epoch):
    """Author and committer seconds of each mail's commit, by blob."""
    command = ["git", "-C", epoch, "log", "--reverse", "--first-parent", "--raw", "--no-abbrev", "--no-renames", "--format=%at %ct"]
    found, when = {}, None
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        if line.startswith(":"):
            found[line.split()[3]] = when
        elif line:
            when = tuple(map(int, line.split()))
    return found


def commit(raw, author, committer, first):
    """One mail in the language of git fast-import; `first` is where the branch starts from, or nothing."""
    who = b"Nobody <nobody@example.invalid>"
    lines = [
        b"commit refs/heads/master",
        b"author %s %d +0000" % (who, author),
        b"committer %s %d +0000" % (who, committer),
        b"data 4",
        b"mail",
    ]
    return b"\n".join(lines) + b"\n" + first + b"M 100644 inline m\ndata %d\n%s\n" % (len(raw), raw)


def copy(corpus, number, out):
    mark, days = f"copy{number}".encode(), -7 * WEEKS * number
    for epoch in mails.epochs(corpus):
        target = pathlib.Path(out) / epoch.name
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=master", target], check=True)
        command = ["git", "-C", target, "-c", "core.compression=1", "fast-import", "--quiet", "--depth=0"]
        when = times(epoch)
        with subprocess.Popen(command, stdin=subprocess.PIPE) as imported:
            for blob, raw in mails.mails(epoch):
                head, rest = split(raw)
                author, committer = (max(0, second + days * 86400) for second in when[blob])
                imported.stdin.write(commit(shifted(marked(head, mark), days) + rest, author, committer, b""))
            imported.stdin.close()
        if imported.returncode:
            sys.exit(f"git fast-import failed in {target}")


def newest(epoch, count, name, out):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    when, first = times(epoch), b"from refs/heads/master^0\n"
    with open(out / "stream", "wb") as stream:
        for at, (blob, raw) in enumerate(mails.contents(epoch, mails.blobs(epoch)[-count:])):
            head, rest = split(raw)
            raw = marked(head, name.encode(), MESSAGE_ID) + rest
            (out / f"{name}.{at}:2,S").write_bytes(raw)
            stream.write(commit(raw, *when[blob], first))
            first = b""


def main():
    match sys.argv[1:]:
        case ["copy", corpus, number, out]:
            copy(corpus, int(number), out)
        case ["newest", epoch, count, name, out]:
            newest(epoch, int(count), name, out)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
