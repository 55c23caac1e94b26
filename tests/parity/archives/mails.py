#!/usr/bin/env python3
"""Reads the mails of bare public-inbox v2 epochs; run alone, writes them as a Maildir and an mbox.

Usage: tests/parity/archives/mails.py [--read | --parse] CORPUS

CORPUS holds LIST.git folders (see corpus.sh). Writes CORPUS/maildir, CORPUS/mails.mbox (mboxrd) and
CORPUS/corpus.tsv. `--read` only runs all mails through `git cat-file --batch`, `--parse` only reads the
mbox with Python's own parser: both for the clock. Needs git. The other scripts here import it.
"""
import mailbox
import pathlib
import re
import subprocess
import sys


def epochs(corpus):
    """The bare repositories of a corpus, by name."""
    return sorted(pathlib.Path(corpus).glob("*.git"))


def blobs(epoch):
    """The ids of the mails of an epoch, oldest first; a removed mail (`d`) is left out."""
    command = ["git", "-C", epoch, "log", "--reverse", "--first-parent", "--raw", "--no-abbrev", "--format=", "--no-renames"]
    log = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    kept = {}
    for line in log.splitlines():
        meta, _, path = line.partition("\t")
        _, _, _, blob, status = meta.split()
        if path == "m" and status != "D":
            kept[blob] = None
        elif path == "d":
            kept.pop(blob, None)
    return list(kept)


def contents(epoch, ids):
    """Each blob's id and bytes, in the order asked for."""
    command = ["git", "-C", epoch, "cat-file", "--batch"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as batch:
        # A few ids at a time, so that neither pipe fills up while we write.
        for at in range(0, len(ids), 200):
            some = ids[at : at + 200]
            batch.stdin.write("".join(f"{blob}\n" for blob in some).encode())
            batch.stdin.flush()
            for blob in some:
                size = int(batch.stdout.readline().split()[2])
                yield blob, batch.stdout.read(size)
                batch.stdout.read(1)
        batch.stdin.close()


def mails(epoch):
    """All mails of an epoch as (blob id, bytes), oldest first."""
    return contents(epoch, blobs(epoch))


def message_id(raw):
    """The first Message-ID of a mail without `<>`, or None; read leniently, folding undone."""
    head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
    found = re.search(rb"^message-id:((?:.*)(?:\r?\n[ \t].*)*)", head, re.I | re.M)
    inner = found and re.search(rb"<([^>]+)>", found[1])
    return inner[1].decode("utf-8", "replace").strip() if inner else None


def write(corpus):
    corpus = pathlib.Path(corpus)
    for folder in ("cur", "new", "tmp"):
        (corpus / "maildir" / folder).mkdir(parents=True)
    seen, total, size = set(), 0, 0
    with open(corpus / "mails.mbox", "wb") as mbox:
        for epoch in epochs(corpus):
            for blob, raw in mails(epoch):
                total += 1
                if blob in seen:
                    continue
                seen.add(blob)
                size += len(raw)
                (corpus / "maildir/cur" / f"{blob}:2,S").write_bytes(raw)
                mbox.write(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n")
                mbox.write(re.sub(rb"^(>*From )", rb">\1", raw, flags=re.M))
                mbox.write(b"\n" if raw.endswith(b"\n") else b"\n\n")
    (corpus / "corpus.tsv").write_text(f"mails\t{total}\ndistinct\t{len(seen)}\nbytes\t{size}\n")


def read(corpus):
    """What git alone costs: every mail through a pipe, thrown away."""
    for epoch in epochs(corpus):
        ids = "".join(f"{blob}\n" for blob in blobs(epoch))
        subprocess.run(["git", "-C", epoch, "cat-file", "--batch"], input=ids.encode(), stdout=subprocess.DEVNULL, check=True)


def parse(corpus):
    """What Python's own parser costs: every header block and every text part decoded."""
    for mail in mailbox.mbox(pathlib.Path(corpus) / "mails.mbox", create=False):
        mail["subject"], mail["from"], mail["date"]
        for part in mail.walk():
            if part.get_content_maintype() == "text":
                part.get_payload(decode=True)


def main():
    tasks = {"--read": read, "--parse": parse}
    task = tasks.get(sys.argv[1], write) if len(sys.argv) > 1 else write
    if len(sys.argv) != (2 if task is write else 3):
        print(__doc__, file=sys.stderr)
        return 2
    task(sys.argv[-1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
