#!/usr/bin/env python3
"""Does a published site hold an address, the hash of one, a former name, or somebody who was forgotten?

    published.py SHOW

SHOW has an index and was published; LORECAST is the program (default: `lorecast`). Every file of
`public/` is read as bytes, as text with entities and percent signs undone, and without the targets of
links to mails, which are Message-IDs and may end in an address (written with `%40`). Looked for are all
addresses that the show knows, their MD5, SHA-1 and SHA-256, and the names that a person gave up.
"""
import hashlib
import html
import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1] / "tracking"))
import figures  # noqa: E402

PROGRAM = os.environ.get("LORECAST", "lorecast")


def private(show):
    """What must not be found, with what it is."""
    out = subprocess.run([PROGRAM, "people", "list", "--top", "10000000", "--format", "json", "--show", show],
                         capture_output=True, text=True, check=True).stdout
    people = json.loads(out)
    bearers = {}
    for person in people:
        for name in [person["person"]["name"], *person["person"].get("also", [])]:
            bearers.setdefault(name.lower(), set()).add(person["id"])
    words = {}
    for view in people:
        person = view["person"]
        for email in person.get("emails", []):
            words[email.lower()] = "address"
            for kind in (hashlib.md5, hashlib.sha1, hashlib.sha256):
                words[kind(email.lower().encode()).hexdigest()] = "hash"
        if (person.get("own") or {}).get("name"):
            former = [name.lower() for name in person.get("also", []) if " " in name]
            words.update({name: "former name" for name in former if bearers[name] == {view["id"]}})
    return words


def read(text):
    return html.unescape(html.unescape(urllib.parse.unquote(text)))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    show = figures.needed(sys.argv[1])
    words = private(str(show))
    own = re.search(r"(?m)^email: *(\S+)", (show / "show.yaml").read_text(encoding="utf-8"))
    words.pop(own[1].lower() if own else "", None)
    files = sorted(path for path in (show / "public").rglob("*") if path.is_file())
    found = size = 0
    for path in files:
        raw = path.read_bytes()
        size += len(raw)
        text = raw.decode("utf-8", "replace").lower()
        seen = read(re.sub(r"https://lore\.kernel\.org/(?:r/)?[^\"'<>&\s]*", "", text))
        for word, kind in words.items():
            if word in text or word in seen:
                found += 1
                print(f"    {path}: {kind} `{word}`")
    print(f"{found} of {len(words)} private words in {len(files)} files, {size} bytes")
    sys.exit(found != 0)


if __name__ == "__main__":
    main()
