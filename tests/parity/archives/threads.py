#!/usr/bin/env python3
"""Compares lorecast's threads with notmuch's and public-inbox's.

Usage: tests/parity/archives/threads.py CORPUS WORK LORECAST SHOW [--examples N]

CORPUS comes from corpus.sh, WORK from peers.sh; SHOW is a show into which LORECAST has ingested CORPUS.
For each mail the set of mails in its thread is compared: ours against the peer's, both cut down to the
mails that both hold. public-inbox threads each inbox alone, so ours are cut down to each inbox. Prints for
each peer how many mails have equal threads, and, for those that have not, the kind of difference with
examples. The kinds come from the mails' own headers:

  together in the peer only / together in ours only, because
    a shared missing parent     both name the same id, which no mail has
    only In-Reply-To            the link stands in In-Reply-To and not in References
    a reference beyond the last the link stands in References, but is not its last id
    an encoded reference        the link is written as an RFC 2047 encoded word (`=?utf-8?q?=3C…?=`), which
                                notmuch decodes and public-inbox does not
    one id, several mails       a mail that the archives hold in several versions names the link
    only by way of other lists  (public-inbox) the mail that links them is on another list
    the last reference          the plain case: no reason found not to follow it
    equal subjects              no reference links them, but their subjects are equal
    nothing found               neither

Needs Python 3, notmuch, public-inbox.
"""
import argparse
import email.header
import json
import re
import subprocess
import sys
from collections import defaultdict

import mails
import peer_settings


class Sets:
    """Union-find over anything."""

    def __init__(self):
        self.parent = {}

    def find(self, item):
        root = item
        while self.parent.setdefault(root, root) != root:
            root = self.parent[root]
        while self.parent[item] != root:
            self.parent[item], item = root, self.parent[item]
        return root

    def join(self, one, other):
        self.parent[self.find(one)] = self.find(other)


def ours(lorecast, show):
    """Thread by message id."""
    command = [lorecast, "export", "messages", "--show", show, "--format", "jsonl"]
    rows = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()
    return {row["message_id"]: row["thread_id"] for row in map(json.loads, rows)}


def notmuch(work):
    peer_settings.needs("notmuch", "notmuch")
    command = ["notmuch", "show", "--format=json", "--body=false", "--exclude=false", "*"]
    shown = subprocess.run(command, env=peer_settings.environment(work), check=True, stdout=subprocess.PIPE).stdout
    threads = {}
    for number, thread in enumerate(json.loads(shown)):
        todo = list(thread)
        while todo:
            message, replies = todo.pop()
            todo += replies
            if message:
                threads[message["id"]] = number
    return threads


def public_inbox(work):
    """Thread by message id, for each inbox."""
    inboxes = defaultdict(dict)
    for line in peer_settings.ask_public_inbox(work, "threads"):
        row = json.loads(line)
        for mid in row["mids"]:
            inboxes[row["inbox"]].setdefault(mid, row["thread"])
    return dict(inboxes)


def headers(corpus):
    """What the mails say themselves, by id: subjects, and for each copy the ids it refers to, in three tuples."""
    found = defaultdict(lambda: {"subjects": set(), "copies": set()})
    for epoch in mails.epochs(corpus):
        for blob, raw in mails.mails(epoch):
            mid = mails.message_id(raw)
            if mid is None:
                continue
            head = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0]
            head = re.sub(rb"\r?\n[ \t]+", b" ", head).decode("utf-8", "replace")
            lines = [line.partition(":") for line in head.splitlines()]
            values = lambda name: " ".join(value for key, _, value in lines if key.lower() == name)
            references, in_reply_to = values("references"), values("in-reply-to")
            found[mid]["copies"].add((ids(references), ids(in_reply_to), ids(encoded(references + " " + in_reply_to))))
            found[mid]["subjects"].add(bare(values("subject")))
    return dict(found)


def ids(value):
    return tuple(mid.strip() for mid in re.findall("<([^<>]+)>", value))


def encoded(value):
    """The text of a value's encoded words; empty when it has none."""
    if "=?" not in value:
        return ""
    return "".join(text.decode("utf-8", "replace") for text, charset in email.header.decode_header(value) if charset)


def bare(subject):
    """A subject without reply marks and white space."""
    return re.sub(r"^\s*(?:(?:re|aw|fwd?)\s*:\s*)+", "", " ".join(subject.split()), flags=re.I).lower()


def links(mail):
    """Each id that a mail names, with how it names it; the plainest way first."""
    found = {}
    several = len(mail["copies"]) > 1
    for references, in_reply_to, in_encoded in mail["copies"]:
        for at, mid in enumerate(references):
            last = at == len(references) - 1
            found.setdefault(mid, "one id, several mails" if several else "the last reference" if last else "a reference beyond the last")
        for mid in in_reply_to:
            if mid not in references:
                found[mid] = "one id, several mails" if several else "only In-Reply-To"
        for mid in in_encoded:
            found.setdefault(mid, "an encoded reference")
    return found


# From the plainest to the strangest.
WAYS = [
    "the last reference",
    "only In-Reply-To",
    "a reference beyond the last",
    "a shared missing parent",
    "an encoded reference",
    "one id, several mails",
    "only by way of other lists",
]


def reason(pieces, known, inbox):
    """Why someone may have joined the pieces (sets of ids): the first kind of link that suffices."""
    everyone = {mid for piece in pieces for mid in piece}
    for allowed in range(1, len(WAYS) + 1):
        ways = set(WAYS[:allowed])
        sets, members = Sets(), everyone
        if "only by way of other lists" in ways and inbox:
            members = widened(everyone, known)
        for mid in members:
            for other, way in links(known[mid]).items() if mid in known else ():
                if way in ways and (other in members or (other not in known and "a shared missing parent" in ways)):
                    sets.join(mid, other)
        if len({sets.find(next(iter(piece))) for piece in connected(pieces, sets)}) == 1:
            return WAYS[allowed - 1]
    subjects = [set().union(*(known[mid]["subjects"] for mid in piece if mid in known)) for piece in pieces]
    if set.intersection(*subjects):
        return "equal subjects"
    return "nothing found"


def connected(pieces, sets):
    """The pieces, each joined in itself: that they belong together is agreed."""
    for piece in pieces:
        first, *rest = piece
        for mid in rest:
            sets.join(first, mid)
    return pieces


def widened(everyone, known):
    """The mails and all that they name, two steps far: enough to find a link on another list."""
    wide = set(everyone)
    for _ in range(2):
        wide |= {other for mid in wide if mid in known for other in links(known[mid]) if other in known}
    return wide


def groups(partition, members):
    found = defaultdict(set)
    for mid in members:
        found[partition[mid]].add(mid)
    return found


def compare(name, mine, theirs, known, inbox, kinds, examples, limit):
    """Mails held by both and mails with equal threads; adds to the kinds."""
    both = [mid for mid in theirs if mid in mine]
    my_groups, their_groups = groups(mine, both), groups(theirs, both)
    equal = sum(1 for mid in both if my_groups[mine[mid]] == their_groups[theirs[mid]])
    for whose, whole, other in (("the peer", their_groups, mine), ("ours", my_groups, theirs)):
        for members in whole.values():
            pieces = list(groups(other, members).values())
            if len(pieces) == 1:
                continue
            kind = f"together in {whose} only: {reason(pieces, known, inbox)}"
            kinds[kind][0] += 1
            kinds[kind][1] += len(members)
            if len(examples[kind]) < limit:
                pieces.sort(key=len, reverse=True)
                examples[kind].append(f"{name}: {' | '.join(f'{len(piece)} mails with {min(piece)}' for piece in pieces[:3])}")
    return len(both), equal


def report(peer, inboxes, mine, known, limit):
    kinds, examples = defaultdict(lambda: [0, 0]), defaultdict(list)
    total = same = held = 0
    for name, theirs in inboxes.items():
        both, equal = compare(name, mine, theirs, known, name if len(inboxes) > 1 else None, kinds, examples, limit)
        total, same, held = total + both, same + equal, held + len(theirs)
        if len(inboxes) > 1:
            print(f"  {name}: {both} mails, {equal} equal, {100 * equal / max(both, 1):.2f} %")
    print(f"{peer}: {total} mails held by both ({held - total} only by it), {same} with equal threads, {100 * same / max(total, 1):.2f} %")
    for kind, (threads, count) in sorted(kinds.items(), key=lambda item: -item[1][1]):
        print(f"  {kind}: {threads} threads of {count} mails")
        for example in examples[kind]:
            print(f"      {example}")
    return same / max(total, 1)


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    for name in ("corpus", "work", "lorecast", "show"):
        options.add_argument(name)
    options.add_argument("--examples", type=int, default=3, help="examples of each kind")
    options = options.parse_args()
    mine = ours(options.lorecast, options.show)
    known = headers(options.corpus)
    best = max(
        report("notmuch", {"all": notmuch(options.work)}, mine, known, options.examples),
        report("public-inbox", public_inbox(options.work), mine, known, options.examples),
    )
    print(f"nearer peer: {100 * best:.2f} % (to reach: 99.5 %)")
    return 0 if best >= 0.995 else 1


if __name__ == "__main__":
    sys.exit(main())
