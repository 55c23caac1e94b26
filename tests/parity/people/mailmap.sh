#!/usr/bin/env bash
# Asks git and us whom a mailmap means: every name and address in it, each address also under another
# name and in capitals.
#
#   mailmap.sh MAILMAP
#
# Prints how many answers differ, of how many. Ends with 1 when one does.
set -euo pipefail
root=$(cd "$(dirname "$0")/../../.." && pwd)
[ -f "${1:-}" ] || { echo "SKIPPED: no mailmap \`${1:-}\`"; exit 0; }
map=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
git init --quiet "$work/repository"

python3 - "$map" >"$work/contacts" <<'PYTHON'
import re, sys
contacts = set()
for line in open(sys.argv[1], encoding="utf-8", errors="surrogateescape"):
    if line.startswith("#"):
        continue
    for name, email in re.findall(r"([^<>]*)<([^<>\s]+)>", line):
        for spelled in (email, email.upper()):
            contacts.add(f"{name.strip()} <{spelled}>".strip())
            contacts.add(f"Somebody Else <{spelled}>")
sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
print("\n".join(sorted(contacts)))
PYTHON

git -C "$work/repository" -c "mailmap.file=$map" check-mailmap --stdin <"$work/contacts" >"$work/git"
cargo run --quiet --manifest-path "$root/Cargo.toml" -p lorecast-people --example mailmap -- "$map" \
    <"$work/contacts" >"$work/ours"
differ=$(diff "$work/git" "$work/ours" | grep -c '^>' || true)
echo "mailmap: $differ of $(wc -l <"$work/contacts") answers differ from git's ($(git --version))"
[ "$differ" = 0 ] || { diff "$work/git" "$work/ours" | head -20; exit 1; }
