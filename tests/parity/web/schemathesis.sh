#!/usr/bin/env bash
# Requests that schemathesis makes up from our OpenAPI document, against a running server: no answer may be a server's fault (5xx),
# and each has to be one that the document names.
#
#     tests/parity/web/schemathesis.sh LORECAST WORK [EXAMPLES]
#
# Makes a show below WORK, and installs schemathesis there (Python's `venv`). EXAMPLES are requests for each address, 100 when not
# given. Half of the run is a visitor's, half has the key of the owner, who may do everything that a program may.
set -euo pipefail
if [ $# -lt 2 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
version=4.32.5
lorecast=$(realpath "$1") examples=${3:-100}
mkdir -p "$2"
work=$(cd "$2" && pwd)
if [ ! -x "$work/venv/bin/schemathesis" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet "schemathesis==$version"
fi
show=$(mktemp -d "$work/show-XXXXXX")
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$show"' EXIT
"$lorecast" demo --out "$show/show" >/dev/null 2>&1
rm "$show"/show/episodes/2025-06-22/published.yaml
mkfifo "$show/said"
"$lorecast" serve --show "$show/show" --port 0 >"$show/said" 2>"$show/log" &
server=$!
read -r line <"$show/said"
address=$(grep -o 'http://[0-9.:]*' <<<"$line")

# The owner signs in and makes a key, as a browser would.
form() { curl -sS -H 'Sec-Fetch-Site: same-origin' -b "$show/jar" -c "$show/jar" "$@"; }
link=$("$lorecast" serve --sign-in --show "$show/show")
# curl keeps a secure cookie to itself without TLS.
cookie=$(form -D - -o /dev/null --data name=Olga "$address/enter/${link##*/}" | grep -io '__Host-lorecast=[^;]*')
token=$(form -H "Cookie: $cookie" "$address/me/" | grep -o 'name="token" value="[^"]*' | head -1 | cut -d'"' -f4)
key=$(form -H "Cookie: $cookie" --data "token=$token&title=schemathesis&scope=edit&days=1" "$address/me/tokens" |
    grep -o '<code class="key">[^<]*' | cut -d'>' -f2)
[ -n "$key" ] || { echo "no key" >&2; exit 1; }

run() {
    "$work/venv/bin/schemathesis" run "$address/api/v1/openapi.json" --max-examples "$examples" --seed 9 --no-color \
        --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
        --exclude-path /events --request-timeout 20 --continue-on-failure "$@"
}
code=0
echo "== a visitor"
run || code=1
echo "== the owner's key"
run --header "Authorization: Bearer $key" || code=1
echo "== what the server said is wrong"
grep -c ' ERROR ' "$show/log" || true
grep ' ERROR ' "$show/log" | sort | uniq -c | sort -rn | head -5 || true
exit "$code"
