#!/usr/bin/env bash
# The index on SQLite and on PostgreSQL: the same archives into both, what they export and find
# compared byte for byte, and how long each takes.
#
#   tests/parity/web/engines.sh WORK LORECAST INBOX.git...
#
# Each INBOX.git is a bare repository of a list (a v2 epoch of public-inbox). A PostgreSQL server of its
# own is started in WORK, with the settings that PostgreSQL comes with. Code 1 when anything differs.
set -euo pipefail
if [ $# -lt 3 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
work=$(cd "$1" && pwd) lorecast=$(realpath "$2")
shift 2
inboxes=()
for inbox in "$@"; do inboxes+=("$(realpath "$inbox")"); done

bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || { echo "SKIPPED: install postgresql first" >&2; exit 0; }
# PostgreSQL refuses to serve root.
as=()
[ "$(id -u)" != 0 ] || as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
db=$(mktemp -d)
[ "$(id -u)" != 0 ] || chown nobody "$db"
stop() { (cd /; "${as[@]}" "$bin/pg_ctl" -D "$db/data" -m fast -w stop >/dev/null; rm -rf "$db"); }
trap stop EXIT
cd "$db"
"${as[@]}" "$bin/initdb" -D "$db/data" -U lorecast --auth=trust -E UTF8 --locale=C >/dev/null
"${as[@]}" "$bin/pg_ctl" -D "$db/data" -l "$db/log" -w -o "-k $db -c listen_addresses=" start >/dev/null
cd "$work"

for engine in sqlite postgres; do
    rm -rf "$engine" "$engine.out"
    "$lorecast" init "$engine" >/dev/null 2>&1
    mkdir "$engine.out"
done
echo "store: postgres://lorecast@${db//\//%2F}/postgres" >>postgres/show.yaml

# Seconds of a command whose output goes to a file.
timed() {
    local out=$1 begin end
    shift
    begin=$(date +%s.%N)
    "$@" >"$out" 2>"$out.said" || true
    end=$(date +%s.%N)
    echo "$end - $begin" | bc
}

row() { printf '%-34s %10.3f %10.3f %8.2f\n' "$1" "$2" "$3" "$(echo "$3 / $2" | bc -l)"; }

printf '%-34s %10s %10s %8s\n' "seconds" sqlite postgres ratio
declare -A took
both() {
    local name=$1 engine
    shift
    for engine in sqlite postgres; do
        took[$engine]=$(timed "$engine.out/${name//[^a-z0-9-]/_}" "$lorecast" --show "$engine" "$@")
    done
    row "$name" "${took[sqlite]}" "${took[postgres]}"
}

both ingest ingest "${inboxes[@]}"
for table in messages threads series subsystems people; do both "export-$table" export "$table"; done
number=0
sqlite_sum=0 postgres_sum=0
while IFS= read -r query; do
    case $query in '' | '#'*) continue ;; esac
    number=$((number + 1))
    for order in "" --newest; do
        for engine in sqlite postgres; do
            # shellcheck disable=SC2086
            took[$engine]=$(timed "$engine.out/search-$number$order" \
                "$lorecast" --show "$engine" search --limit 200 --format json $order -- "$query")
        done
        sqlite_sum=$(echo "$sqlite_sum + ${took[sqlite]}" | bc)
        postgres_sum=$(echo "$postgres_sum + ${took[postgres]}" | bc)
    done
done <"${QUERIES:-$here/../archives/queries.txt}"
row "$((number * 2)) searches" "$sqlite_sum" "$postgres_sum"
both check store check

differ=0
for file in sqlite.out/export-* sqlite.out/search-*; do
    case $file in *.said) continue ;; esac
    if ! cmp -s "$file" "postgres.out/${file#*/}"; then
        echo "DIFFERS: ${file#*/}"
        differ=1
    fi
done
files=$(find sqlite.out -name 'export-*' ! -name '*.said' -o -name 'search-*' ! -name '*.said' | wc -l)
[ "$differ" = 1 ] || echo "all $files files are the same, $(cat sqlite.out/export-* sqlite.out/search-* | wc -c) bytes"
exit "$differ"
