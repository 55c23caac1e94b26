#!/usr/bin/env python3
"""Asks lorecast and public-inbox the same queries and compares what they find.

Usage: tests/parity/archives/queries.py WORK LORECAST SHOW [--queries FILE | --random N] [--examples N]

WORK comes from peers.sh; SHOW is a show into which LORECAST has ingested the same corpus. The queries are
those of queries.txt, or N that are made of the subjects' words, the same N each time. Results are sets of message ids over all inboxes, cut down to the mails that both
hold. Prints for each query the hits of both, what is missing and what is extra in ours, and last how
many queries have equal results; two refusals are equal. Exit status 1 when not all are equal. Needs Python 3 and public-inbox.
"""
import argparse
import json
import random
import subprocess
import sys
from collections import defaultdict

import peer_settings


def read_queries(file):
    with open(file, encoding="utf-8") as lines:
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


PREFIXES = ["", "", "", "s:", "b:", "nq:", "q:", "f:", "a:", "dfn:", "dfa:", "dfb:", "dfhh:", "dfctx:", "m:", "n:", "l:"]


def made_queries(count, rows):
    """Queries of one to three terms, each term drawn from one subject."""
    draw = random.Random(7)
    made = set()
    while len(made) < count:
        terms = []
        for _ in range(draw.choice([1, 1, 2, 3])):
            words = [word for word in draw.choice(rows)["subject"].split() if not set(word) & set('"()*') and ".." not in word]
            at = draw.randrange(max(len(words), 1))
            term = " ".join(words[at : at + 2]) if draw.random() < 0.3 else " ".join(words[at : at + 1])
            if term:
                terms.append(draw.choice(PREFIXES) + (f'"{term}"' if " " in term else term))
        query = draw.choice([" ", " ", " OR ", " AND ", " -", " NOT "]).join(terms)
        if query and not query.startswith("-"):
            made.add(query)
    return sorted(made)


def theirs(work, queries):
    """For each query the found mails, each as the set of its ids; an error as text."""
    found, errors = defaultdict(list), {}
    for line in peer_settings.ask_public_inbox(work, "search", queries):
        answer = json.loads(line)
        if "error" in answer:
            errors[answer["query"]] = answer["error"]
        found[answer["query"]] += [frozenset(ids) for ids in answer.get("ids", ())]
    return {query: errors.get(query, found[query]) for query in queries}


def ours(lorecast, show, query):
    """The ids found; the first line of an error as text."""
    command = [lorecast, "search", "--show", show, "--format", "json", "--limit", "100000", "--", query]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        return " ".join(done.stderr.split("\n")[:2]) or f"exit status {done.returncode}"
    if not done.stdout.strip():
        return set()
    return {hit["message_id"] for hit in json.loads(done.stdout)}


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    for name in ("work", "lorecast", "show"):
        options.add_argument(name)
    options.add_argument("--queries", default=peer_settings.HERE / "queries.txt")
    options.add_argument("--random", type=int, metavar="N")
    options.add_argument("--examples", type=int, default=3)
    options = options.parse_args()

    exported = subprocess.run([options.lorecast, "export", "messages", "--show", options.show, "--format", "jsonl"], check=True, stdout=subprocess.PIPE)
    rows = [json.loads(row) for row in exported.stdout.splitlines()]
    queries = made_queries(options.random, rows) if options.random else read_queries(options.queries)
    my_mails = {row["message_id"] for row in rows}
    their_mails = {mid for row in peer_settings.ask_public_inbox(options.work, "threads") for mid in json.loads(row)["mids"]}
    print(f"{len(my_mails)} mails in ours, {len(their_mails)} ids in public-inbox, {len(my_mails & their_mails)} in both")

    equal = 0
    for query, peer in theirs(options.work, queries).items():
        mine = ours(options.lorecast, options.show, query)
        if isinstance(peer, str) and isinstance(mine, str):
            equal += 1
            print(f"equal   {query}    both refuse it")
            continue
        if isinstance(peer, str) or isinstance(mine, str):
            print(f"FAILED  {query}\n    ours: {mine if isinstance(mine, str) else len(mine)}\n    public-inbox: {peer if isinstance(peer, str) else len(peer)}")
            continue
        peer = {ids & my_mails or ids for ids in peer if ids & my_mails}
        mine &= their_mails
        their_ids = frozenset().union(*peer)
        missing = [min(ids) for ids in peer if not ids & mine]
        extra = sorted(mine - their_ids)
        same = not missing and not extra
        equal += same
        print(f"{'equal ' if same else 'DIFFER'}  {query}    ours {len(mine)}, public-inbox {len(peer)}", end="")
        print("" if same else f", missing {len(missing)}, extra {len(extra)}")
        for what, ids in (("missing", sorted(missing)), ("extra", extra)):
            for mid in ids[: options.examples]:
                print(f"    {what} {mid}")
    print(f"{equal} of {len(queries)} queries have equal results")
    return 0 if equal == len(queries) else 1


if __name__ == "__main__":
    sys.exit(main())
