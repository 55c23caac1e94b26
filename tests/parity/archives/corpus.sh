#!/usr/bin/env bash
# Makes one corpus of mail that lorecast and its peers can all read.
#
#   tests/parity/archives/corpus.sh BUNDLES OUT
#
# BUNDLES is a folder of git bundles, each one public-inbox v2 epoch named LIST.bundle. Written are
#   OUT/LIST.git     bare clones, as a mirror of lore would hold them
#   OUT/maildir/     the same mails for notmuch and mu, each distinct blob once
#   OUT/mails.mbox   the same mails as mboxrd
#   OUT/corpus.tsv   name and value: mails, distinct mails, raw bytes
# Prints corpus.tsv. Needs git and Python 3. A second run keeps what is there.
set -euo pipefail
if [ $# -ne 2 ]; then
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
bundles=$1 out=$2
for tool in git python3; do
    command -v "$tool" >/dev/null || { echo "install $tool first" >&2; exit 2; }
done
ls "$bundles"/*.bundle >/dev/null 2>&1 || { echo "no .bundle files in $bundles" >&2; exit 2; }

mkdir -p "$out"
for bundle in "$bundles"/*.bundle; do
    clone=$out/$(basename "$bundle" .bundle).git
    [ -d "$clone" ] || git -c init.defaultBranch=master clone --quiet --bare "$bundle" "$clone"
done
if [ ! -e "$out/corpus.tsv" ]; then
    rm -rf "$out/maildir" "$out/mails.mbox"
    python3 "$here/mails.py" "$out"
fi
cat "$out/corpus.tsv"
