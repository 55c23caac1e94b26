#!/bin/sh
# How long a site of 500 episodes with transcripts of half an hour takes: from nothing, again, with one
# episode changed; and whether a build elsewhere has the same bytes. With a program and a show that was mastered
# (own.sh makes one), the same of the command `publish`, which reads the show as well.
#
#     rebuild.sh [EPISODES [LORECAST SHOW EPISODE]]
set -eu
here=$(dirname "$(realpath "$0")")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cargo run --quiet --release -p lorecast-publisher --example made_site -- "$folder" "${1:-500}"
du -sh --apparent-size "$folder/public" "$folder/public/search"
[ $# -ge 4 ] || exit 0
lorecast=$(realpath "$2")
rm -rf "$folder"/*
cp -al "$3" "$folder/show"
python3 "$here/many.py" "$folder/show" "$4" "$1"
cd "$folder/show"
seconds() {
    what=$1
    shift
    start=$(date +%s.%N)
    "$@" >"$folder/said" 2>&1 || { tail -5 "$folder/said"; exit 1; }
    echo "$what: $(echo "$(date +%s.%N) - $start" | bc) s, $(tail -1 "$folder/said")"
}
publish() { seconds "$1" "$lorecast" publish --despite-lint; }
publish "publish, from nothing"
publish "publish, again"
middle=$(ls episodes | sed -n "$(($1 / 2))p")
echo "One more paragraph." >>"episodes/$middle/notes.md"
publish "publish, with one changed"
