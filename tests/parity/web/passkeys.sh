#!/usr/bin/env bash
# Somebody uses passkeys in Chromium, with simulated devices: see passkeys.mjs.
#
#     tests/parity/web/passkeys.sh LORECAST [NPM]
#
# Makes a show with a draft below a temporary folder and serves it at http://localhost. NPM is a folder with axe-core and
# puppeteer-core; without one they are installed. SHOTS=FOLDER keeps pictures. Needs node and Debian's chromium.
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
: >"$work/said"
# The address has to be known before: passkeys are good for one alone.
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
"$lorecast" serve --show "$work/show" --port "$port" --url "http://localhost:$port" >"$work/said" 2>"$work/log" &
server=$!
until grep -q 'http://' "$work/said"; do
    kill -0 "$server" || { cat "$work/log"; exit 1; }
    read -rt 0.1 <> <(:) || true
done
node "$here/passkeys.mjs" "http://localhost:$port" "$npm" "$work/show" "$lorecast"
