#!/usr/bin/env bash
# People take part in a show, in Chromium: see taking-part.mjs. SCRIPT=producing.mjs: editors at the workbench.
#
#     tests/parity/web/taking-part.sh LORECAST [NPM]
#
# Makes a show with a draft below a temporary folder and serves it. NPM is a folder with axe-core and puppeteer-core; without
# one they are installed. SHOTS=FOLDER keeps pictures. Needs node and Debian's chromium.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
lorecast=$(realpath "$1")
work=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
npm=${2:-$work/npm}
if [ ! -d "$npm/node_modules/axe-core" ]; then
    mkdir -p "$npm"
    (cd "$npm" && npm init -y >/dev/null && npm install --silent axe-core puppeteer-core)
fi
"$lorecast" demo --out "$work/show" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
# The last episode is being made again.
rm "$work"/show/episodes/2025-06-22/published.yaml
printf '\ncommunity: {mail: [sh, -c, "cat >> %s/mails"], from: show@host.example}\n' "$work" >>"$work/show/show.yaml"
: >"$work/mails"
: >"$work/said"
"$lorecast" serve --show "$work/show" --port 0 >"$work/said" 2>"$work/log" &
server=$!
until grep -q 'http://' "$work/said"; do
    kill -0 "$server" || { cat "$work/log"; exit 1; }
    read -rt 0.1 <> <(:) || true
done
address=$(grep -o 'http://127.0.0.1:[0-9]*' "$work/said" | head -1)
node "$here/${SCRIPT:-taking-part.mjs}" "$address" "$npm" "$work/show" "$lorecast" "$work/mails"
