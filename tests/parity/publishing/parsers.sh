#!/usr/bin/env bash
# Whether parsers see every item, enclosure and chapter of a feed of ours, and whether podcast clients
# download the sound byte-identical.
#
#   tests/parity/publishing/parsers.sh [LORECAST [FOLDER]]
#
# LORECAST is the program (target/debug/lorecast), FOLDER keeps what is installed for the next run. Builds
# the demo's show with its three episodes, serves it on 127.0.0.1:8700, and prints a table; exits with 1
# when something is missed. Needs apt-get, python3, npm and cargo.
set -eu
lorecast=$(realpath "${1:-target/debug/lorecast}")
here=$(realpath "$(dirname "$0")")
tools=${2:-$(mktemp -d)}
mkdir -p "$tools"
tools=$(realpath "$tools")

need=""
for program in newsboat:newsboat podboat:newsboat gpo:gpodder podget:podget mpv:mpv ffprobe:ffmpeg; do
    command -v "${program%%:*}" > /dev/null || need="$need ${program##*:}"
done
# shellcheck disable=SC2086 # words on purpose
[ -z "$need" ] || apt-get install -y --no-install-recommends $need > "$tools/apt.log" 2>&1 || echo "not installed:$need"
if [ ! -d "$tools/venv" ]; then
    python3 -m venv "$tools/venv"
    "$tools/venv/bin/pip" install -q feedparser podcastparser mutagen greg 'setuptools<81'
fi
if [ ! -d "$tools/node/node_modules" ]; then
    mkdir -p "$tools/node"
    (cd "$tools/node" && npm init -y > /dev/null &&
        npm install --silent podcast-partytime feedsmith podparse rss-parser > "$tools/npm.log" 2>&1)
fi
cp "$here/parsers.mjs" "$tools/node/"
mkdir -p "$tools/rust/src"
cp "$here/parsers.rs" "$tools/rust/src/main.rs"
cat > "$tools/rust/Cargo.toml" <<'TOML'
[package]
name = "parsers"
version = "0.0.0"
edition = "2024"
[workspace]
[dependencies]
feed-rs = "3"
id3 = "1.17"
TOML
(cd "$tools/rust" && cargo build -q)

work=$(mktemp -d)
server=""
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
(cd "$work" && "$lorecast" demo --out show > demo.log)
public=$work/show/public
"$lorecast" --show "$work/show" serve > "$work/serve.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    curl -sf http://127.0.0.1:8700/feed.xml > /dev/null && break
    sleep 0.1
done

TOOLS=$tools WORK=$work PUBLIC=$public "$tools/venv/bin/python" "$here/parsers.py"
