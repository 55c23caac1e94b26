#!/bin/sh
# How long a site of 500 episodes with transcripts of half an hour takes: from nothing, again, with one
# episode changed; and whether a build elsewhere has the same bytes.
#
#     rebuild.sh [EPISODES]
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cargo run --quiet --release -p lorecast-publisher --example made_site -- "$folder" "${1:-500}"
du -sh --apparent-size "$folder/public" "$folder/public/search"
