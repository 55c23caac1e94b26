#!/bin/sh
# What `lorecast lint` says of our own site, when nothing is left out of it: the demo's show, read by a
# program from its scripts, so that it has transcripts, with Opus beside the MP3. Ends with 1 when there is a
# MUST, a SHOULD or a rule of the house that it breaks.
#
#     own.sh LORECAST
#
# Needs flite, the acoustic model of pocketsphinx, and jq.
set -eu
lorecast=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$lorecast" demo --out "$folder/show" >/dev/null 2>&1
cd "$folder/show"
rm -rf public episodes/*/published.yaml episodes/*/takes episodes/*/master.*
# The chapters of the takes; headings of the script come instead.
for file in episodes/*/episode.yaml; do
    awk '/^[^ -]/ { off = /^chapters:/ } !off' "$file" >"$folder/without" && cp "$folder/without" "$file"
done
sed -i 's/^sound:$/&\n  formats: {opus: {kbps: 24}}/' show.yaml
echo 'voice: {command: [flite]}' >>show.yaml
for episode in episodes/*; do
    id=${episode#episodes/}
    "$lorecast" script "$id" >"$folder/said" 2>&1 || { cat "$folder/said"; exit 2; }
    "$lorecast" master --voice "$id" >"$folder/said" 2>&1 || { cat "$folder/said"; exit 2; }
done
"$lorecast" publish
"$lorecast" lint --format json >"$folder/findings.json" || true
for level in MUST SHOULD HOUSE; do
    jq -r --arg level "$level" '"\($level) \([.[] | select(.level == $level)] | length)"' "$folder/findings.json"
done
jq -r '.[] | "\(.level) \(.rule) \(.place): \(.message)"' "$folder/findings.json"
jq -e 'length == 0' "$folder/findings.json" >/dev/null
