#!/usr/bin/env bash
# Prints how many marked spans of real patches come out right in the next revision, ours beside Hypothesis' way.
#
#   tests/parity/web/spans.sh DATA WORK [--misses]
#
# DATA holds truth/versions.tsv and versions-threaded.tsv, and bundles of public-inbox v2 epochs in lists/ and lore-2023-04/; they are
# unpacked below WORK. The spans and what is right are in spans.tsv; spans.py says how they are judged.
# At the end come marks that have nowhere to go, for which no reading is needed. Takes six minutes.
# Needs cargo, git, python3 and, for the peer, node and npm (approx-string-match is installed below WORK).
set -euo pipefail
if [ $# -lt 2 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
[ -f "$1/truth/versions.tsv" ] || { echo "SKIPPED: $1/truth/versions.tsv is not there" >&2; exit 0; }
data=$(cd "$1" && pwd)
mkdir -p "$2/mails"
work=$(cd "$2" && pwd)
for bundle in "$data"/lists/*.bundle "$data"/lore-2023-04/*.bundle; do
    name=$(basename "$(dirname "$bundle")")-$(basename "$bundle" .bundle).git
    [ -d "$work/mails/$name" ] || git clone --quiet --bare "$bundle" "$work/mails/$name"
done
cd "$here/../../.."
cargo build --quiet --package lorecast-model --package lorecast-tracker --example spans
target=$(cargo metadata --no-deps --format-version 1 | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
spans="$target/debug/examples/spans" truth="$work/truth.tsv"
cat "$data/truth/versions.tsv" "$data/truth/versions-threaded.tsv" > "$truth"
"$spans" carry "$here/spans.tsv" "$truth" "$work"/mails/*.git > "$work/lorecast.tsv"
answers=("lorecast=$work/lorecast.tsv")
if command -v npm >/dev/null; then
    [ -d "$work/npm/node_modules/approx-string-match" ] ||
        npm install --silent --no-audit --no-fund --prefix "$work/npm" approx-string-match@2 >&2
    "$spans" bodies "$truth" "$work"/mails/*.git > "$work/bodies.jsonl"
    node "$here/spans_peer.mjs" "$work/bodies.jsonl" "$here/spans.tsv" "$work/npm" > "$work/peer.tsv"
    # Their client takes the best place, however bad; the other figure takes it only with a score of 0.9, which
    # was chosen to suit the peer with all the answers known.
    answers+=("Hypothesis' way=$work/peer.tsv" "Hypothesis' way, if good=$work/peer.tsv@0.9")
else
    echo "SKIPPED: the peer, as npm is not there" >&2
fi
python3 "$here/spans.py" "$here/spans.tsv" "${answers[@]}" "${@:3}"
# Without any reading: marks whose text is taken away, and marks carried into other series.
"$spans" astray "$here/spans.tsv" "$truth" "$work"/mails/*.git
