#!/usr/bin/env bash
# How much one server takes: votes a second, at the store and through HTTP with session and token, each acknowledged only when
# it is on the disk; and listeners to events: memory of each, and how long one event takes to reach all.
#
#     WORK=FOLDER tests/parity/web/load.sh [VOTES] [LISTENERS]
#
# With STORE=postgres://USER@HOST/DATABASE?schema=NEW the journal is there; each of the two runs needs a schema that holds nothing yet,
# so run them by hand: `load votes …`, `load listeners …`. Events "from another process" are then those of a second node.
# WORK is on the disk to measure (the folder one is in when not given). The generator runs on the same cores.
set -euo pipefail
cd "$(dirname "$0")/../../.."
export WORK=${WORK:-$PWD}
ulimit -n "$(ulimit -Hn)" || echo "the number of open files cannot be raised" >&2
cargo build --release --locked --quiet -p lorecast-web --example load
load=${CARGO_TARGET_DIR:-target}/release/examples/load
"$load" votes "${1:-50000}" 1000 128
"$load" listeners "${2:-10000}" 10
