#!/usr/bin/env bash
# How lorecast's cost grows with the archive: a curve up to N mails.
#
#   tests/parity/archives/growth.sh CORPUS WORK LORECAST N
#
# CORPUS comes from corpus.sh. The corpus is read, then copies of it under new ids and older dates
# (made_mails.py), slice by slice, until the store holds N mails or a little more. Copies repeat the
# corpus's words, so the index gains mails but no new words. Prints a line a slice:
#   mails in the store, CPU seconds of the slice, milliseconds a mail in this slice and over all, store
#   bytes a mail, peak KiB of this slice, and the slice's cost a mail over the first one's;
# then, at full size, the corpus's own epochs again: nothing new, and 100 new mails (CPU and wall seconds).
# The slices stay in WORK/growth (about 110 MB each) and are used again; the store WORK/growth/show is made
# anew, and stays for warm.py. 300,000 mails are 11 slices, 1,000,000 are 36. Needs git and Python 3.
set -euo pipefail
if [ $# -ne 4 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2/growth"
corpus=$(cd "$1" && pwd) growth=$(cd "$2/growth" && pwd) lorecast=$(realpath "$3") wanted=$4
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
. "$here/increments.sh"

count=$(awk '$1 == "mails" { print $2 }' "$corpus/corpus.tsv")
show=$growth/show table=$growth/costs.tsv
rm -rf "$show" "$table" "$growth/slice0" "$growth"/hundred?
"$lorecast" init "$show" --title T --author A >/dev/null 2>&1
mkdir "$growth/slice0"
cp -r "$corpus"/*.git "$growth/slice0/"

printf '%10s %9s %9s %9s %10s %10s %7s\n' mails cpu_s ms_a_mail overall bytes_each peak_kib ratio
slices=$(((wanted + count - 1) / count))
for ((slice = 0; slice < slices; slice++)); do
    if [ ! -d "$growth/slice$slice" ]; then
        rm -rf "$growth/making"
        python3 "$here/made_mails.py" copy "$corpus" "$slice" "$growth/making"
        mv "$growth/making" "$growth/slice$slice"
    fi
    costs "$table" "slice$slice" "$lorecast" ingest --show "$show" "$growth/slice$slice"/*.git
    bytes=$(du -sb "$show/.lorecast" | cut -f1)
    awk -F'\t' -v count="$count" -v bytes="$bytes" '
        { total += $2; slices++; if (NR == 1) first = $2; last = $2; peak = $4 }
        END { printf "%10d %9.2f %9.3f %9.3f %10d %10d %7.2f\n", slices * count, last, 1000 * last / count, 1000 * total / slices / count, bytes / slices / count, peak, last / first }' \
        "$table"
done
epochs=("$growth/slice0"/*.git)
increments "$table" "$show" "${epochs[0]}" "$growth" "${epochs[@]}"
for name in nothing hundred; do
    echo "$name new: $(middle "$table" $name 2) s CPU, $(middle "$table" $name 3) s wall, peak $(middle "$table" $name 4) KiB"
done
