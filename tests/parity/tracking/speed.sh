#!/usr/bin/env bash
# Prints how many mails a second become series with revisions, links and trailers, ours beside b4's.
#
#   tests/parity/tracking/speed.sh MAILS [THREADS]
#
# MAILS is a folder of bare public-inbox v2 epochs (*.git) or mbox files (*.mbox). Both sides parse the mails
# first; that is not counted. Ours: all mails, tracker::track for each thread (revisions, trailers that answers
# gave, events), series::link over all revisions; one thread, median of five runs
# (crates/lorecast-tracker/examples/speed.rs).
# b4: LoreMailbox.add_message and get_series over the first THREADS threads with patches (default 1000); its
# share includes decoding the body, which it does on adding.
# Where taskset is there, both run on one core. Needs cargo and, for the peer, b4 (see b4_python.py; environment B4).
set -euo pipefail
if [ $# -lt 1 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
[ -d "$1" ] || { echo "SKIPPED: $1 is not there" >&2; exit 0; }
mails=$(cd "$1" && pwd) threads=${2:-1000}
pin=()
if command -v taskset >/dev/null; then pin=(taskset -c 0); fi
shopt -s nullglob
archives=("$mails"/*.git "$mails"/*.mbox)
[ ${#archives[@]} -gt 0 ] || { echo "SKIPPED: no *.git and no *.mbox in $mails" >&2; exit 0; }
cd "$here/../../.."
cargo build --quiet --release --package lorecast-tracker --example speed
target=$(cargo metadata --no-deps --format-version 1 | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
"${pin[@]}" "$target/release/examples/speed" "${archives[@]}" |
    awk -F '\t' '{ printf "lorecast: %d mails in %s s, %d a second (median of 5; to reach 20,000)\n", $1, $2, $3 }'
"${pin[@]}" python3 - "$here" "$mails" "$threads" <<'PYTHON'
import sys
here, mails, threads = sys.argv[1:]
sys.path.insert(0, here)
import b4_python
python = b4_python.find()
if python:
    runs = sorted(b4_python.ask(python, "speed", mails, threads)[0]["seconds"] for _ in range(5))
    count = b4_python.ask(python, "speed", mails, threads)[0]["mails"]
    print(f"b4: {count} mails in {runs[2]:.1f} s, {count / runs[2]:.0f} a second (median of 5; quoted from the issue: 227-299)")
PYTHON
