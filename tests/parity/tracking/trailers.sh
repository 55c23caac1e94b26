#!/usr/bin/env bash
# Trailers that answers gave, "applied" notices with their commits, and merged pull requests, beside their
# truths; and b4's trailers on the same rows.
#
#   tests/parity/tracking/trailers.sh TRUTH MAILS [--misses]
#
# TRUTH is a folder with trailers.tsv, applied.tsv and pulls.tsv, MAILS a folder of bare public-inbox v2 epochs
# (*.git) or mbox files (*.mbox). Only rows whose mails are all held count. Also prints how many trailers were
# credited to somebody else than the sender (none may be), and mails a second on one core for trailers, events
# and pull requests together, parsing not counted (crates/lorecast-tracker/examples/vouch.rs).
# Needs cargo and, for the peer, b4 (see b4_python.py; environment B4).
set -euo pipefail
if [ $# -lt 2 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
for folder in "$1" "$2"; do
    [ -d "$folder" ] || { echo "SKIPPED: $folder is not there" >&2; exit 0; }
done
truth=$(cd "$1" && pwd) mails=$(cd "$2" && pwd)
shift 2
cd "$here/../../.."
cargo build --quiet --release --package lorecast-tracker --example vouch
target=$(cargo metadata --no-deps --format-version 1 | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
"$target/release/examples/vouch" "$truth" "$mails" "$@"
python3 - "$here" "$mails" "$truth/trailers.tsv" "$@" <<'PYTHON'
import sys
here, mails, truth, *flags = sys.argv[1:]
sys.path.insert(0, here)
import b4_python, figures
python = b4_python.find()
if python:
    rows = b4_python.ask(python, "trailers", mails, truth)
    figures.show("b4: trailers", sum(row["found"] for row in rows), len(rows))
    if "--misses" in flags:
        for row in rows:
            if not row["found"]:
                print("  miss", row["patch"], row["trailer"], row["value"], sep="\t")
PYTHON
