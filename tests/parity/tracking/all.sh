#!/usr/bin/env bash
# Prints every figure of this folder, with the archives as they are and with parts of them hidden.
#
#   tests/parity/tracking/all.sh DATA WORK LORECAST
#
# DATA holds bundles in lore-*/ and lists/, trees/liburing.bundle, truth/ and peer-mail/ (README.md). WORK keeps
# clones, shows, exports and patch ids; what is there already is not made again, except shows and
# exports. LORECAST is the program; B4=none leaves b4 out. Needs what the scripts need (their heads say what), and about 2 GB in WORK.
set -euo pipefail
if [ $# -ne 3 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
[ -d "$1" ] || { echo "SKIPPED: $1 is not there" >&2; exit 0; }
mkdir -p "$2"
data=$(cd "$1" && pwd) work=$(cd "$2" && pwd) lorecast=$(realpath "$3")
export B4=${B4:-$work/b4venv}
truth=$data/truth

clone() { [ -d "$2" ] || git -c init.defaultBranch=master clone --quiet --bare "$1" "$2"; }
mkdir -p "$work/mails"
for folder in "$data"/lore-* "$data"/lists; do
    for bundle in "$folder"/*.bundle; do
        [ -e "$bundle" ] || continue
        clone "$bundle" "$work/mails/$(basename "$folder")-$(basename "$bundle" .bundle).git"
    done
done
if [ -e "$data/trees/liburing.bundle" ]; then clone "$data/trees/liburing.bundle" "$work/liburing.git"; fi
for way in covers threads bots; do
    [ -d "$work/$way" ] || { "$here/hide.py" $way "$work/mails" "$work/$way.part" >&2 && mv "$work/$way.part" "$work/$way"; }
done

# show NAME ARCHIVE…: a fresh show, its series and its landings
show() {
    local show=$work/show-$1
    shift
    rm -rf "$show"
    "$lorecast" init "$show" >/dev/null 2>&1
    if [ -d "$work/liburing.git" ]; then
        printf '\ntrees:\n  - name: liburing\n    path: %s\n' "$work/liburing.git" >>"$show/show.yaml"
    fi
    "$lorecast" --show "$show" ingest "$@" >/dev/null 2>&1
    "$lorecast" --show "$show" track >/dev/null 2>&1 || echo "track failed in $show" >&2
    "$lorecast" --show "$show" export series --format tsv >"$show/series.tsv"
    "$lorecast" --show "$show" export landings --format tsv >"$show/landings.tsv" 2>/dev/null || rm -f "$show/landings.tsv"
}

show whole "$work"/mails/*.git
for way in covers threads bots; do show $way "$work/$way"/*.mbox; done

echo "== as posted"
"$here/batches.py" "$truth/grouping.tsv" "$work/show-whole/series.tsv" "$work/mails"
"$here/versions.py" "$work/show-whole/series.tsv" "$work/mails" "$truth/versions.tsv" "$truth/versions-threaded.tsv"
"$here/landed.py" "$truth/tip.tsv" "$work/show-whole/landings.tsv" "$work/mails" --patch-ids "$work/patch-ids.json"
"$here/landed.py" "$truth/liburing.tsv" "$work/show-whole/landings.tsv" "$work/mails" --git "$work/liburing.git" --patch-ids "$work/patch-ids.json"
echo "== without cover letters"
"$here/batches.py" "$truth/grouping.tsv" "$work/show-covers/series.tsv" "$work/covers" --without-covers
echo "== with the thread hidden"
"$here/versions.py" "$work/show-threads/series.tsv" "$work/threads" "$truth/versions.tsv" "$truth/versions-threaded.tsv"
echo "== with the bots' links hidden"
"$here/landed.py" "$truth/tip.tsv" "$work/show-bots/landings.tsv" "$work/bots" --patch-ids "$work/patch-ids.json"
echo "== trailers and notices"
"$here/trailers.sh" "$truth" "$work/mails"
echo "== peer cases"
"$here/cases.py" "$truth/peer-cases.json" "$data/peer-mail" --lorecast "$lorecast"
echo "== speed"
"$here/speed.sh" "$work/mails"
