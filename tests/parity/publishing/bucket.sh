#!/bin/sh
# Carries the demo's site to a real server of S3 (s3s-fs), from nothing, again, and after it was cut off; then
# holds every object against the published folder. Ends with 1 when anything differs.
#
#     bucket.sh LORECAST TOOLS
#
# Installs the server into TOOLS with cargo (a few minutes, once).
set -eu
lorecast=$(realpath "$1")
mkdir -p "$2"
tools=$(realpath "$2")
server=$tools/bin/s3s-fs
[ -x "$server" ] || cargo install --root "$tools" s3s-fs --version '^0.14' --features binary
folder=$(mktemp -d)
server_is=
trap 'kill $server_is 2>/dev/null; rm -rf "$folder"' EXIT
export AWS_ACCESS_KEY_ID=someone AWS_SECRET_ACCESS_KEY=some-secret AWS_REGION=us-east-1
port=${PORT:-8714}

start() {
    "$server" --access-key "$AWS_ACCESS_KEY_ID" --secret-key "$AWS_SECRET_ACCESS_KEY" --host 127.0.0.1 --port "$port" \
        "$folder/s3" >"$folder/server.log" 2>&1 &
    server_is=$!
    # It is there once it answers, refusing whoever it does not know.
    until curl --silent --output "$folder/answer" "http://127.0.0.1:$port/"; do kill -0 $server_is; done
}
stop() {
    kill $server_is
    wait $server_is 2>/dev/null || true
}
same() {
    # What the server keeps for itself begins with a dot, as does our list of what was delivered.
    (cd "$folder/show/public" && find . -type f ! -name '.*' | sort | xargs sha256sum) >"$folder/sent"
    (cd "$folder/s3/casts/show" && find . -type f ! -name '.*' | sort | xargs sha256sum) >"$folder/stored"
    if cmp -s "$folder/sent" "$folder/stored"; then
        echo "$1: $(wc -l <"$folder/sent") of $(wc -l <"$folder/sent") files byte-identical"
    else
        echo "$1: the storage differs:"
        diff "$folder/sent" "$folder/stored" | head
        exit 1
    fi
}

"$lorecast" demo --out "$folder/show" >/dev/null 2>&1
mkdir -p "$folder/s3/casts"
cd "$folder/show"
printf 'deliver: {to: "s3://casts/show", endpoint: "http://127.0.0.1:%s"}\n' "$port" >>show.yaml
start
"$lorecast" publish --dry-run | tail -1
"$lorecast" publish 2>/dev/null | tail -1
same 'from nothing'
"$lorecast" publish 2>/dev/null | tail -1
same 'again'

# A take that changed, and a server that goes away while it is carried.
printf '\nOne more thing.\n' >>episodes/2025-06-22/notes.md
stop
if "$lorecast" publish >"$folder/said" 2>&1; then
    echo 'a server that is gone was not missed'
    exit 1
fi
grep error: "$folder/said"
start
"$lorecast" publish 2>/dev/null | tail -1
same 'after it was gone'
AWS_SECRET_ACCESS_KEY=wrong "$lorecast" publish 2>&1 | grep error: && echo 'a wrong key is refused'
