#!/usr/bin/env python3
"""Asks lorecast and public-inbox the same queries and compares what they find.

Usage: tests/parity/archives/queries.py WORK LORECAST SHOW [--queries FILE] [--examples N]

WORK comes from peers.sh; SHOW is a show into which LORECAST has ingested the same corpus. The queries are
those of queries.txt. Results are sets of message ids over all inboxes, cut down to the mails that both
hold. Prints for each query the hits of both, what is missing and what is extra in ours, and last how
many queries have equal results. Exit status 1 when not all are equal. Needs Python 3 and public-inbox.
"""
import argparse
import json
import subprocess
import sys
from collections import defaultdict

import peer_settings


def read_queries(file):
    with open(file, encoding="utf-8") as lines:
        return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


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
    """The ids found; an error as text."""
    command = [lorecast, "search", "--show", show, "--format", "json", "--limit", "100000", "--", query]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 2 or not done.stdout.strip():
        return done.stderr.strip() or set()
    return {hit["message_id"] for hit in json.loads(done.stdout)}


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    for name in ("work", "lorecast", "show"):
        options.add_argument(name)
    options.add_argument("--queries", default=peer_settings.HERE / "queries.txt")
    options.add_argument("--examples", type=int, default=3)
    options = options.parse_args()

    queries = read_queries(options.queries)
    exported = subprocess.run([options.lorecast, "export", "messages", "--show", options.show, "--format", "jsonl"], check=True, stdout=subprocess.PIPE)
    my_mails = {json.loads(row)["message_id"] for row in exported.stdout.splitlines()}
    their_mails = {mid for row in peer_settings.ask_public_inbox(options.work, "threads") for mid in json.loads(row)["mids"]}
    print(f"{len(my_mails)} mails in ours, {len(their_mails)} ids in public-inbox, {len(my_mails & their_mails)} in both")

    equal = 0
    for query, peer in theirs(options.work, queries).items():
        mine = ours(options.lorecast, options.show, query)
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
