#!/bin/sh
# How many acronyms that a show explained on air glossary.yaml knows, spells in the same way (case,
# hyphens, number and two mistyped letters aside), and expands exactly once in a text.
#
#   tests/parity/drafting/acronyms.sh DATA          DATA: a folder with seed-acronyms.json
set -eu
cd "$(dirname "$0")/../../.."

list=${1:-}/seed-acronyms.json
if [ ! -e "$list" ]; then
    echo "SKIPPED: name the folder with seed-acronyms.json" >&2
    exit 0
fi
cargo run --quiet --package lorecast-drafter --example acronyms -- glossary.yaml "$list"
