#!/usr/bin/env bash
# Two servers of one show that share no disk: a real server of S3 (s3s-fs) and a real PostgreSQL hold what they have in common.
# They are sent recordings, make masters and edit notes at the same time, are killed in the middle, and lose the storage for a
# while; nodes.py tells what it measured. Ends with 1 when anything that was acknowledged is lost, or the two differ.
#
#     tests/parity/web/nodes.sh LORECAST TOOLS [ROUNDS]
#
# Installs the server of S3 into TOOLS with cargo (a few minutes, once). Needs PostgreSQL and python3.
set -euo pipefail
if [ $# -lt 2 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
lorecast=$(realpath "$1")
mkdir -p "$2"
tools=$(realpath "$2")
[ -x "$tools/bin/s3s-fs" ] || cargo install --root "$tools" s3s-fs --version '^0.14' --features binary

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "SKIPPED: install postgresql first" >&2; exit 0; }
# PostgreSQL refuses to serve root.
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
db=$(mktemp -d)
[ "$(id -u)" != 0 ] || chown nobody "$db"
work=$(mktemp -d)
stop() { (cd /; "${as[@]}" "$bin/pg_ctl" -D "$db/data" -m fast -w stop >/dev/null; rm -rf "$db" "$work"); }
trap stop EXIT
cd "$db"
"${as[@]}" "$bin/initdb" -D "$db/data" -U lorecast --auth=trust -E UTF8 --locale=C >/dev/null
"${as[@]}" "$bin/pg_ctl" -D "$db/data" -l "$db/log" -w -o "-k $db -c listen_addresses=" start >/dev/null
cd "$work"
python3 "$here/nodes.py" "$lorecast" "$tools/bin/s3s-fs" "postgres://lorecast@${db//\//%2F}/postgres" "$work" "${3:-10}"
