#!/usr/bin/env python3
"""Compares lorecast-mail with Python's email package on real archives.

Usage: tests/parity/mail_vs_python.py [FOLDER-OF-BARE-GIT-EPOCHS] [--show N]

Without a folder it clones the bundles of ../shared/data/lore-2023-04; when those are absent, it says
so and stops with success. Subjects, dates, senders and ids are compared after white space is folded.
For the text, Python's plain parts must hold every line that ours holds, and ours every one of
theirs, diff included; lines that format=flowed broke are joined on both sides. The names of attached
files and the kind of signature are compared as well, and our patch ids with `git patch-id --stable`.

What differs on purpose: the commit messages of attached patches are left out, control characters are
removed from subjects, text of HTML-only mails is kept, ids that robots encoded (RFC 2047) are read,
armour of signed text and its dash escaping are undone, single damaged bytes in base64 are passed over,
a charset that says nothing means UTF-8 or windows-1252, gb2312 means GBK (the WHATWG's labels), and
text that flows is joined before a dash as well.
"""
import argparse
import email
import email.header
import email.policy
import email.utils
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUNDLES = ROOT.parent / "shared/data/lore-2023-04"


def clone(folder):
    for bundle in sorted(BUNDLES.glob("*.bundle")):
        target = pathlib.Path(folder) / f"{bundle.stem}.git"
        subprocess.run(["git", "clone", "-q", "--bare", bundle, target], check=True, stderr=subprocess.DEVNULL)


def mails(folder):
    """The mails of all epochs in a folder, each with its place."""
    for repo in sorted(pathlib.Path(folder).glob("*.git")):
        log = subprocess.run(["git", "-C", repo, "log", "--reverse", "--format=%H"], check=True, capture_output=True)
        commits = log.stdout.decode().split()
        names = "".join(f"{commit}:m\n" for commit in commits)
        batch = subprocess.run(["git", "-C", repo, "cat-file", "--batch"], input=names.encode(), check=True, capture_output=True).stdout
        at = 0
        for commit in commits:
            end = batch.index(b"\n", at)
            words = batch[at:end].split()
            at = end + 1
            if words[-1] == b"missing":
                continue
            size = int(words[2])
            yield f"{repo.name} {commit}", batch[at : at + size]
            at += size + 1


def decoded(value):
    """A header as text, RFC 2047 undone the lenient way."""
    value = re.sub(r"\r?\n(?=[ \t])", "", str(value))
    try:
        parts = email.header.decode_header(value)
    except Exception:
        return value
    out = []
    for text, charset in parts:
        if isinstance(text, bytes):
            try:
                text = text.decode(charset or "utf-8", "replace")
            except LookupError:
                text = text.decode("latin-1")
        out.append(text)
    return "".join(out)


def fold(text):
    return " ".join(text.split())


def part_text(part):
    raw = part.get_payload(decode=True) or b""
    charset = part.get_content_charset() or "utf-8"
    if charset in ("us-ascii", "ascii"):
        charset = "utf-8"
    try:
        return raw.decode(charset, "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def plain_text(message):
    plain = [part for part in message.walk() if part.get_content_type() == "text/plain" and part.get_content_disposition() != "attachment"]
    patches = [part for part in message.walk() if part.get_content_subtype() in ("x-patch", "x-diff", "patch", "diff")]
    return "\n".join(unflowed(part) for part in plain + patches)


def unflowed(part):
    """The text of a part, lines that flow joined (RFC 3676), but for what looks like code."""
    text = part_text(part).replace("\r\n", "\n")
    if str(part.get_param("format", "")).lower() != "flowed":
        return text
    out, open_depth = [], None
    for line in text.split("\n"):
        marks = re.match(r"(?:> ?(?=>))*>?", line).group()
        content = line[len(marks) :].removeprefix(" ")
        depth, code = marks.count(">"), content[:1] in ("+", "-", "@", " ", "\t")
        if open_depth == depth and content != "-- " and not code:
            out[-1] += content
        else:
            out.append(marks + content)
        soft = content.endswith(" ") and content.strip() and content != "-- " and not (depth and code)
        open_depth = depth if soft else None
    return "\n".join(out)


def file_name(part):
    """The name of a part's file, without folders and characters that cannot be printed."""
    name = part.get_filename() or ""
    name = "".join(c for c in decoded(name) if c.isprintable())
    name = re.split(r"[/\\]", " ".join(name.split()))[-1].strip()[:255]
    return "" if not name.strip(".") else name


def attachments(message):
    signatures = ("pgp-signature", "pkcs7-signature", "x-pkcs7-signature")
    parts = [part for part in message.walk() if part.get_content_subtype() not in signatures]
    return [name for name in map(file_name, parts) if name]


def signature(message):
    kinds = {part.get_content_subtype().removeprefix("x-") for part in message.walk() if part.get_content_maintype() == "application"}
    if "pgp-signature" in kinds or re.search(r"^-----BEGIN PGP SIGNED MESSAGE-----", plain_text(message), re.M):
        return "pgp"
    return "smime" if kinds & {"pkcs7-signature", "pkcs7-mime"} else None


def theirs(raw):
    # Raw UTF-8 in headers becomes text, so that both sides see characters.
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    raw_headers = {n.lower(): v.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for n, v in reversed(list(message.raw_items()))}
    raw_header = lambda name: raw_headers.get(name, "")
    date = email.utils.parsedate_to_datetime(raw_header("date")) if raw_header("date") else None
    name, address = email.utils.parseaddr(re.sub(r"\s+", " ", raw_header("from")))
    ids = re.findall(r"<([^<>]+)>", raw_header("message-id"))
    references = set(re.findall(r"<([^<>\s]+)>", raw_header("references") + " " + raw_header("in-reply-to")))
    return {
        "id": ids[0] if ids else "",
        "date": date.timestamp() if date else None,
        "subject": fold(decoded(raw_header("subject"))),
        # An address as a name is no name.
        "name": "" if name == address else fold(decoded(name)),
        "email": address.lower(),
        "references": references - {ids[0] if ids else ""},
        "lines": lines(plain_text(message)),
        "attachments": attachments(message),
        "signature": signature(message),
    }


def ours(message):
    header = message["header"]
    return {
        "id": header["id"],
        "date": datetime.fromisoformat(header["date"].replace("Z", "+00:00")).timestamp(),
        "subject": fold(header["subject"]),
        "name": header["from"]["name"],
        "email": header["from"]["email"].lower(),
        "references": set(header["references"]),
        "lines": lines(message["text"] + message["diff"]),
        "attachments": message["attachments"],
        "signature": message["signature"],
    }


def lines(text):
    """The lines as a bag, without white space (mailers differ in it) and without git's version."""
    text = re.sub(r"\n-- ?\n(git version )?\d+\.[^\n]{0,40}\n", "\n", text.replace("\r", "\n") + "\n")
    bag = Counter("".join(c for c in line if not c.isspace() and c.isprintable()) for line in text.split("\n"))
    del bag[""]
    return bag


def git_patch_ids(diffs):
    """What git calls each diff; made-up commits stand between them."""
    feed = "".join(f"From {at:040x}\n{diff}" for at, diff in enumerate(diffs))
    out = subprocess.run(["git", "patch-id", "--stable"], input=feed.encode(), check=True, capture_output=True).stdout.decode()
    found = {}
    for line in out.splitlines():
        name, commit = line.split()
        found.setdefault(int(commit, 16), name)
    return [found.get(at) for at in range(len(diffs))]


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", nargs="?")
    options.add_argument("--show", type=int, default=3, help="disagreements shown of each kind")
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder
        if not folder:
            if not BUNDLES.is_dir():
                print(f"SKIPPED: no archives at {BUNDLES}; name a folder of bare epochs", file=sys.stderr)
                return 0
            folder = temporary
            clone(folder)
        return compare(list(mails(folder)), options.show)


def compare(all_mails, show):
    if not all_mails:
        print("no mails there", file=sys.stderr)
        return 2
    command = ["cargo", "run", "-q", "--release", "-p", "lorecast-mail", "--example", "mail_as_json"]
    feed = b"".join(str(len(raw)).encode() + b"\n" + raw for _, raw in all_mails)
    result = subprocess.run(command, input=feed, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    start = time.time()
    found, differing, patches = Counter(), Counter(), []
    for (place, raw), line in zip(all_mails, result.stdout.splitlines(), strict=True):
        message = json.loads(line)
        found.update(message["header"]["defects"])
        if message["diff"]:
            patches.append((place, message))
        try:
            peer = theirs(raw)
        except Exception as error:
            differing["python-failed"] += 1
            print(f"python-failed {place}: {error!r}")
            continue
        own = ours(message)
        for key, value in peer.items():
            if own[key] != value:
                differing[key] += 1
                if differing[key] <= show:
                    print(f"{key} {place}\n  lorecast {short(own[key], value)}\n  python   {short(value, own[key])}")
    ids = git_patch_ids([message["diff"] for _, message in patches])
    for (place, message), git in zip(patches, ids, strict=True):
        if message["patch_id"] != git:
            differing["patch-id"] += 1
            print(f"patch-id {place}\n  lorecast {message['patch_id']}\n  git      {git}")
    print(f"patch ids: {len(patches)} diffs, {sum(git is not None for git in ids)} with an id of git's")
    print(f"python: {len(all_mails) / (time.time() - start):.0f} mails a second, comparing included")
    print("lorecast:", result.stderr.decode().strip())
    print("defects:", dict(found.most_common()))
    print(f"disagreements of {len(all_mails)} mails:", dict(differing.most_common()))
    return 0


def short(value, other):
    if isinstance(value, Counter):
        return f"only here: {list((value - other).items())[:6]}"[:600]
    return repr(value)[:300]


if __name__ == "__main__":
    sys.exit(main())
