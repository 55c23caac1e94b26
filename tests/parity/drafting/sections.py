#!/usr/bin/env python3
"""How well titles and lists alone find the section that a thread's diffs show, and how far our
sections agree with another proposal and with people who sorted mails into sections.

    tests/parity/drafting/sections.py MIRRORS SECTIONS TINYLAB [MAINTAINERS] [SUBSYSTEMS]

MIRRORS holds bare public inboxes, SECTIONS and TINYLAB are show-sections.json and
tinylab-items.json. Needs `cargo build -p lorecast-drafter --example sections_of`. The mails are read
with Python's email package; only the placing is ours.
"""

import email
import email.policy
import json
import math
import pathlib
import re
import subprocess
import sys
from collections import Counter, defaultdict

from mirrors import mails

ROOT = pathlib.Path(__file__).parents[3]
# Their keys, where ours differ. They have no `usb` beside input, and a section for stable kernels.
OURS = {"sec": "security", "gfx": "graphics", "trace": "tracing", "drv": "drivers", "tool": "tools",
        "pm": "power"}
# The digest's headings.
DIGEST = {"网络设备": "net", "内存管理": "mm", "BPF": "bpf", "RISC-V 架构支持": "arch", "文件系统": "fs",
          "异步 IO": "block", "进程调度": "core", "Rust For Linux": "rust", "安全增强": "security"}


def read(folder):
    """id -> (subject, lists, parent ids, paths)"""
    found = {}
    for mirror in sorted(pathlib.Path(folder).glob("*.git")):
        name = mirror.name.removesuffix(".git")
        for raw in mails(mirror):
            mail = email.message_from_bytes(raw)
            ids = re.findall(r"<([^<>\s]+)>", str(mail.get("Message-ID") or ""))
            if not ids:
                continue
            if ids[0] in found:
                found[ids[0]][1].add(name)
                continue
            before = str(mail.get("References") or "") + str(mail.get("In-Reply-To") or "")
            paths = []
            if b"\n+++ " in raw or b"base64" in raw[:8000].lower():
                part = next((p for p in mail.walk() if p.get_content_type() == "text/plain"), None)
                text = (part.get_payload(decode=True) or b"").decode("utf-8", "replace") if part else ""
                paths = re.findall(r"^diff --git a/\S+ b/(\S+)", text, re.M)
            try:
                subject = str(email.header.make_header(email.header.decode_header(mail.get("Subject") or "")))
            except Exception:
                subject = str(mail.get("Subject") or "")
            found[ids[0]] = (" ".join(subject.split()), {name}, re.findall(r"<([^<>\s]+)>", before), paths)
    return found


def threads(found):
    def root(id):
        seen = set()
        while id not in seen:
            seen.add(id)
            known = [p for p in found[id][2] if p in found and p != id]
            if not known:
                return id
            id = known[0]
        return id
    members = defaultdict(list)
    for id in found:
        members[root(id)].append(id)
    for id, all in members.items():
        subject = found[id][0]
        title = re.sub(r"^(\s*(\[[^\]]*\]|re:|fwd?:)\s*)*", "", subject, flags=re.I)
        lists = set().union(*(found[m][1] for m in all))
        paths = sorted({path for m in all for path in found[m][3]})
        yield {"id": id, "title": title, "lists": sorted(lists), "paths": paths, "members": all}


def theirs(sections, thread):
    votes = Counter()
    for path in thread["paths"]:
        for section in sections:
            if any(re.match(pattern, path) for pattern in section["paths"]):
                votes[OURS.get(section["key"], section["key"])] += 1
                break
    return votes.most_common(1)[0][0] if votes else None


def share(what, hits, n):
    z, p = 1.96, hits / max(n, 1)
    middle = (p + z * z / (2 * n)) / (1 + z * z / n) if n else 0
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) if n else 1
    print(f"{what}: {hits}/{n} = {100 * p:.1f} % [{100 * (middle - half):.1f}, {100 * (middle + half):.1f}]")


def main():
    mirrors, proposal, digest, *rest = sys.argv[1:]
    maintainers = rest[:1] if rest and rest[0] else []
    yaml = rest[1] if len(rest) > 1 else ROOT / "subsystems.yaml"
    sections = json.loads(pathlib.Path(proposal).read_text())
    known = list(threads(read(mirrors)))
    asked = "".join(json.dumps({k: t[k] for k in ("id", "title", "lists", "paths")}) + "\n" for t in known)
    out = subprocess.run([ROOT / "target/debug/examples/sections_of", yaml, *maintainers],
                         input=asked, capture_output=True, text=True, check=True).stdout
    places = {}
    for line, thread in zip(out.splitlines(), known):
        places[thread["id"]] = json.loads(line)
    patched = [t for t in known if t["paths"]]
    print(f"{len(known)} threads, {len(patched)} with a diff")
    wrong = Counter()
    by = Counter()
    judged = 0
    for thread in patched:
        place = places[thread["id"]]
        if place["paths"] == "other":
            continue
        judged += 1
        for way in ("title", "lists"):
            if place[way] != "other":
                by[way, "said"] += 1
                by[way, "hit"] += place[way] == place["paths"]
                if place[way] != place["paths"]:
                    wrong[way, place[way], place["paths"]] += 1
        by["back"] += place["back"] == place["paths"]
        other = theirs(sections, thread)
        if other:
            by["their", "said"] += 1
            by["their", "hit"] += other == place["paths"]
            if other != place["paths"]:
                wrong["their", place["paths"], other] += 1
    share("title alone against the diffs, where it says something", by["title", "hit"], by["title", "said"])
    share("lists alone against the diffs, where they say something", by["lists", "hit"], by["lists", "said"])
    share("title, then lists, against the diffs", by["back"], judged)
    share("our diffs against the other proposal's", by["their", "hit"], by["their", "said"])
    items = {i["message_id"]: DIGEST[i["section"]] for i in json.loads(pathlib.Path(digest).read_text())
             if i["message_id"] and i["section"] in DIGEST}
    for way in ("paths", "all"):
        picked = [(items[m], places[t["id"]][way]) for t in known for m in t["members"] if m in items]
        share(f"digest headings, {way}", sum(a == b for a, b in picked), len(picked))
        for (a, b), n in Counter((a, b) for a, b in picked if a != b).most_common(6):
            print("   ", a, "->", b, n)
    for way in ("their", "title", "lists"):
        print(way, [(a, b, n) for (w, a, b), n in wrong.most_common(400) if w == way][:25])
    print("other:", sum(p["all"] == "other" for p in places.values()))


if __name__ == "__main__":
    main()
