#!/usr/bin/env bash
# How fast lorecast reads archives, beside public-inbox, notmuch and mu on the same mails.
#
#   tests/parity/archives/ingest_speed.sh CORPUS WORK LORECAST [kept]
#
# CORPUS comes from corpus.sh; WORK is peers.sh's folder: the peers are measured anew in this run, which takes
# minutes, or with `kept` their earlier figures are taken. LORECAST is a release binary. Use a quiet machine:
# busy neighbours on the same cores can make half as many CPU seconds again. Prints a line a figure: lorecast, each peer, and how many times more the peer takes.
#   first     all mails of CORPUS into an empty store: CPU seconds (median of three), peak KiB
#   hundred   100 mails more (copies of the newest of one list under new ids, appended to its epoch; for
#             notmuch and mu the same files in the Maildir): median of three, CPU and wall seconds
#   nothing   the same command again, with nothing new: median of five for lorecast
#   store     bytes of .lorecast beside the peers' indexes and the raw mails
# The peers' indexes are as before afterwards. CPU is user + system, children included; peaks are those of
# the largest process (ru_maxrss). Needs what peers.sh needs.
set -euo pipefail
if [ $# -lt 3 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
corpus=$(cd "$1" && pwd) work=$(cd "$2" && pwd) lorecast=$(realpath "$3")
[ "${4-}" = kept ] || rm -f "$work/peers.tsv"
"$here/peers.sh" "$corpus" "$work" >/dev/null
. "$here/peer_environment.sh"
. "$here/increments.sh"

speed=$work/speed
rm -rf "$speed"
mkdir -p "$speed"
cp -r "$corpus"/*.git "$speed/"
epochs=("$speed"/*.git)
appended=${epochs[0]}
list=$(basename "$appended" .git)
table=$speed/costs.tsv

# lorecast
for run in 1 2 3; do
    rm -rf "$speed/show"
    "$lorecast" init "$speed/show" --title T --author A >/dev/null 2>&1
    costs "$table" first "$lorecast" ingest --show "$speed/show" "${epochs[@]}"
done
store=$(du -sb "$speed/show/.lorecast" | cut -f1)
increments "$table" "$speed/show" "$appended" "$speed" "${epochs[@]}"

# public-inbox: the one list that grows, in a copy
cp -a "$work/pi/$list" "$speed/inbox"
for run in 1 2 3; do
    git -C "$speed/inbox/git/0.git" fast-import --quiet <"$speed/hundred$run/stream"
    costs "$table" hundred-public-inbox public-inbox-index --jobs=0 "$speed/inbox"
    costs "$table" nothing-public-inbox public-inbox-index --jobs=0 "$speed/inbox"
done

# notmuch and mu: in place, put back at the end
index=$work/notmuch muhome=$work/mu
cp -a "$index" "$speed/notmuch.before"
cp -a "$muhome" "$speed/mu.before"
put_back() {
    rm -f "$work"/maildir/cur/hundred?.*
    rm -rf "$index" "$muhome"
    mv "$speed/notmuch.before" "$index"
    mv "$speed/mu.before" "$muhome"
}
trap put_back EXIT
for run in 1 2 3; do
    cp "$speed/hundred$run"/hundred* "$work/maildir/cur/"
    sleep 1.1 # both tell new from old by a folder's time in whole seconds
    costs "$table" hundred-notmuch notmuch new --no-hooks --quiet
    costs "$table" hundred-mu mu index --quiet --muhome="$muhome"
    sleep 1.1
    costs "$table" nothing-notmuch notmuch new --no-hooks --quiet
    costs "$table" nothing-mu mu index --quiet --muhome="$muhome"
done

# The table
peers=(public-inbox notmuch mu)
ratio() { awk -v ours="$1" -v theirs="$2" 'BEGIN { printf "%.1f x", theirs / (ours > 0 ? ours : 0.001) }'; }
peer() { awk -F'\t' -v name="$1" -v column="$2" '$1 == name { print $column }' "$work/peers.tsv"; }
row() {
    local what=$1 ours=$2 name theirs
    shift 2
    printf '%-26s %12s' "$what" "$ours"
    for name in "${peers[@]}"; do
        theirs=$1
        shift
        printf '  %12s %9s' "$theirs" "$(ratio "$ours" "$theirs")"
    done
    echo
}
every() { for name in "${peers[@]}"; do peer "$name" "$1"; done; }
every_of() { for name in "${peers[@]}"; do middle "$table" "$1-$name" "$2"; done; }
raw=$(awk '$1 == "bytes" { print $2 }' "$corpus/corpus.tsv")
printf '%-26s %12s' "" lorecast
printf '  %22s' "${peers[@]}"
echo
row "first: CPU s" "$(middle "$table" first 2)" $(every 2)
row "first: peak KiB" "$(middle "$table" first 4)" $(every 4)
row "hundred: CPU s" "$(middle "$table" hundred 2)" $(every_of hundred 2)
row "hundred: wall s" "$(middle "$table" hundred 3)" $(every_of hundred 3)
row "nothing: CPU s" "$(middle "$table" nothing 2)" $(every_of nothing 2)
row "nothing: wall s" "$(middle "$table" nothing 3)" $(every_of nothing 3)
row "store: bytes" "$store" $(every 6)
echo
echo "raw mails $raw bytes, store $(awk -v s="$store" -v r="$raw" 'BEGIN { printf "%.2f", s / r }') of that; the epochs' own packs are $(du -cb "${corpus}"/*.git/objects/pack | tail -n 1 | cut -f1) bytes"
echo "for orientation, CPU s: git cat-file of all mails $(peer cat-file 2), Python's parser $(peer python 2)"
best=$(for name in "${peers[@]}"; do echo "$(peer "$name" 2) $name"; done | sort -g | head -n 1)
echo "$(middle "$table" first 2) $best $(peer public-inbox 2)" | awk '
    { printf "to reach: CPU <= %.2f s (best peer %s / 8) and <= %.2f s (public-inbox / 15): %s\n", $2 / 8, $3, $4 / 15, ($1 <= $2 / 8 && $1 <= $4 / 15) ? "reached" : "missed" }'
