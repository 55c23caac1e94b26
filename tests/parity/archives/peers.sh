#!/usr/bin/env bash
# Indexes a corpus with the peers and writes down what each took.
#
#   tests/parity/archives/peers.sh CORPUS WORK [PEER…]
#
# CORPUS comes from corpus.sh. PEERs are public-inbox, notmuch, mu, cat-file, python; without any, all.
# Writes to WORK/peers.tsv and prints, one line a peer:
#   peer  cpu seconds  wall seconds  peak KiB (largest process)  peak KiB (process tree)  index bytes
# CPU is user + system of the process and its children (wait4); how the peaks are taken stands in
# measure.py. The indexes stay in WORK for the other scripts. A peer already measured is kept.
#
# How each is run:
#   public-inbox  a v2 inbox a list, the epoch cloned to git/0.git as docs say for mirrors, one Xapian
#                 shard, `public-inbox-index --jobs=0` at indexlevel full with its default batch size;
#                 its C spawner is compiled first, as its manual advises for speed
#   notmuch       `notmuch new` on a copy of the Maildir, no hooks, no tags, indexing defaults
#   mu            `mu init` and `mu index` on the same copy
#   cat-file      `git cat-file --batch` of every mail: what reading alone costs
#   python        mailbox and email read and decode every text part: what parsing alone costs there
# Needs Linux, git, Python 3, and for the peers public-inbox, notmuch, maildir-utils.
set -euo pipefail
if [ $# -lt 2 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
corpus=$(cd "$1" && pwd) work=$(cd "$2" && pwd)
shift 2
peers=("$@")
[ ${#peers[@]} -gt 0 ] || peers=(public-inbox notmuch mu cat-file python)
table=$work/peers.tsv
touch "$table"
. "$here/peer_environment.sh"
[ -f "$corpus/corpus.tsv" ] || { echo "no corpus at $corpus: run corpus.sh first" >&2; exit 2; }

measured() { cut -f1 "$table" | grep -qx "$1"; }
# cost NAME COMMAND…: appends to $work/cost.tsv
cost() { python3 "$here/measure.py" --tsv "$work/cost.tsv" --name "$@"; }
bytes() { du -cb "$@" | tail -n 1 | cut -f1; }
# record NAME INDEX…: sums up cost.tsv (seconds add up, peaks are the highest) and adds the size
record() {
    local name=$1 size=0
    shift
    [ $# -eq 0 ] || size=$(bytes "$@")
    awk -v name="$name" -v size="$size" -v OFS='\t' '
        { cpu += $2; wall += $3; if ($4 > one) one = $4; if ($5 > tree) tree = $5 }
        END { printf "%s\t%.2f\t%.2f\t%d\t%d\t%d\n", name, cpu, wall, one, tree, size }' \
        "$work/cost.tsv" >>"$table"
}
log=$work/peers.log

# The peers' own Maildir: ingest_speed.sh adds mails to it and takes them away again.
if [ ! -d "$work/maildir" ]; then
    cp -al "$corpus/maildir" "$work/maildir" 2>/dev/null || { rm -rf "$work/maildir"; cp -a "$corpus/maildir" "$work/maildir"; }
fi

for peer in "${peers[@]}"; do
    if measured "$peer"; then continue; fi
    echo "indexing with $peer" >&2
    rm -f "$work/cost.tsv"
    case $peer in
    public-inbox)
        need public-inbox-index public-inbox
        rm -rf "$work/pi"
        mkdir -p "$work/pi"
        for epoch in "$corpus"/*.git; do
            list=$(basename "$epoch" .git)
            inbox=$work/pi/$list
            git -c init.defaultBranch=master clone --quiet --mirror "$epoch" "$inbox/git/0.git"
            public-inbox-init -V2 -L full -j1 "$list" "$inbox" "http://127.0.0.1/$list" "$list@example.invalid" >>"$log" 2>&1
        done
        warm_public_inbox
        for inbox in "$work"/pi/*/; do
            cost "$inbox" public-inbox-index --jobs=0 -L full "$inbox" >>"$log" 2>&1
        done
        record "$peer" "$work"/pi/*/xap15 "$work"/pi/*/msgmap.sqlite3
        ;;
    notmuch)
        need notmuch notmuch
        rm -rf "$work/notmuch"
        notmuch_setup "$work/maildir"
        cost "$peer" notmuch new --no-hooks --quiet >>"$log" 2>&1
        record "$peer" "$work/notmuch"
        ;;
    mu)
        need mu maildir-utils
        rm -rf "$work/mu"
        cost init mu init --quiet --muhome="$work/mu" --maildir="$work/maildir" >>"$log" 2>&1
        cost index mu index --quiet --muhome="$work/mu" >>"$log" 2>&1
        record "$peer" "$work/mu"
        ;;
    cat-file)
        cost "$peer" python3 "$here/mails.py" --read "$corpus"
        record "$peer"
        ;;
    python)
        cost "$peer" python3 "$here/mails.py" --parse "$corpus"
        record "$peer"
        ;;
    *)
        echo "no peer is called $peer" >&2
        exit 2
        ;;
    esac
done
(printf 'peer\tcpu_s\twall_s\tpeak_process_kib\tpeak_tree_kib\tindex_bytes\n'; cat "$table") | column -t -s "$(printf '\t')"
