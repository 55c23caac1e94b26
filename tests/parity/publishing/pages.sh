#!/bin/sh
# Pages in a browser and under checkers: Lighthouse, axe in light and dark, vnu, html-validate, bytes.
#
#     pages.sh SITE [NPM]
#
# SITE is a published site whose `url:` is http://127.0.0.1:8701/, such as `public` of
# `cargo run -p lorecast-publisher --example made_site -- FOLDER 12`. NPM is a folder for the programs,
# which npm installs there once. Needs node, npm, java, python3 and Debian's chromium.
set -eu
site=$(realpath "$1")
npm=${2:-$(mktemp -d)}
here=$(dirname "$(realpath "$0")")
for program in node npm java python3 chromium; do
    command -v "$program" >/dev/null || { echo "SKIPPED: no $program"; exit 0; }
done
if [ ! -d "$npm/node_modules/lighthouse" ]; then
    npm install --prefix "$npm" --no-audit --no-fund --silent \
        lighthouse axe-core puppeteer-core html-validate vnu-jar
fi
# One page of each kind.
first() { cd "$site" && ls -d "$1"/*/ 2>/dev/null | tail -n 1 | sed 's,/*$,/index.html,'; }
pages=$(for page in index.html archive/index.html about/index.html subscribe/index.html \
    glossary/index.html people/index.html planet/index.html 404.html "$(first episodes)" "$(first sections)" \
    "$(first series)" "$(first people)"; do
    [ -f "$site/$page" ] && echo "$page"
done)
echo "== vnu (n = all pages)"
find "$site" -name '*.html' -print0 |
    xargs -0 java -jar "$npm/node_modules/vnu-jar/build/dist/vnu.jar" --errors-only 2>&1 | tail -n 20
echo "vnu is done"
echo "== html-validate (n = $(echo "$pages" | wc -l))"
(cd "$site" && "$npm/node_modules/.bin/html-validate" --config "$here/htmlvalidate.json" $pages) &&
    echo "html-validate: 0"
echo "== Lighthouse, axe, bytes"
NODE_PATH="$npm/node_modules" node "$here/pages.mjs" "$site" "$npm" $pages
