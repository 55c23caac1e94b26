# Sourced by ingest_speed.sh and growth.sh. Expects $here (this folder) and $lorecast.

# costs FILE NAME COMMAND…: runs a command quietly; appends `NAME cpu wall peak_process peak_tree exit` to FILE
costs() {
    local file=$1 name=$2
    shift 2
    python3 "$here/measure.py" --tsv "$file" --name "$name" "$@" >/dev/null 2>"$file.err" || {
        echo "failed: $*" >&2
        cat "$file.err" >&2
        return 1
    }
}

# middle FILE NAME COLUMN: the median of a column over the lines of that name
middle() {
    awk -F'\t' -v name="$2" -v column="$3" '$1 == name { print $column }' "$1" | sort -g |
        awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}

# increments FILE SHOW APPENDED SCRATCH EPOCH…: five runs with nothing new (`nothing`) and three with 100
# new mails each (`hundred`), made from the newest of the epoch APPENDED and appended to it.
increments() {
    local file=$1 show=$2 appended=$3 scratch=$4 run
    shift 4
    for run in 1 2 3 4 5; do
        costs "$file" nothing "$lorecast" ingest --show "$show" "$@"
    done
    for run in 1 2 3; do
        rm -rf "$scratch/hundred$run"
        python3 "$here/made_mails.py" newest "$appended" 100 "hundred$run" "$scratch/hundred$run"
        git -C "$appended" fast-import --quiet <"$scratch/hundred$run/stream"
        costs "$file" hundred "$lorecast" ingest --show "$show" "$@"
    done
}
