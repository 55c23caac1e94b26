#!/usr/bin/env python3
"""Are employers that come from domains (or maps) those that the same people declare themselves?

    employers.py MIRRORS [HEADERS.tsv.gz] [--map FILE]

Reads every mail with Python's email package, on its own: what stands in parentheses behind a name, in
an Organization header, and in a signature. Then asks our program for the employer of each address
*without* those words, so that it cannot agree by copying, and compares: with what the same address
declares, and with what a person of the same full name declares from another address while this one is
used (people change employers: who moved in between says nothing about the domain).

Words behind a name count when they are a company of the list, one of its other names below, or end in
a legal form. What else stands there (departments, nicknames) is listed, and not counted.
"""
import argparse
import collections
import csv
import email
import email.header
import email.policy
import email.utils
import gzip
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1] / "tracking"))
sys.path.insert(0, str(HERE.parents[1] / "drafting"))
import figures  # noqa: E402
import mirrors  # noqa: E402

ROOT = HERE.parents[3]
# One company, two names; written down here by hand, not taken from the program under test.
SAME = [
    {"red hat", "redhat"}, {"qualcomm", "quic", "qualcomm innovation center", "qti"}, {"suse", "suse linux", "suse labs"},
    {"ibm", "international business machines"}, {"nxp", "nxp semiconductors"},
    {"texas instruments", "ti"}, {"meta", "facebook", "fb"}, {"hewlett packard enterprise", "hpe"},
    {"amazon", "aws", "amazon web services"}, {"amd", "advanced micro devices"},
    {"western digital", "wdc"}, {"lg electronics", "lge", "lg"}, {"denx", "denx software engineering"},
    {"analog devices", "adi"}, {"arm", "arm holdings"}, {"tq-systems", "tq systems"},
]
LEGAL = set("""inc corp corporation co ltd limited llc plc gmbh ag kg se ab as oy oyj bv sa sas srl spa kk
pty pte company""".split())


def decoded(value):
    try:
        return str(email.header.make_header(email.header.decode_header(str(value))))
    except Exception:  # noqa: BLE001: a header that Python cannot read says nothing
        return ""


def plain(name):
    name = re.sub(r"[.,\"']", " ", name.lower().replace("-", " "))
    words = name.split()
    while len(words) > 1 and words[-1] in LEGAL:
        words.pop()
    return " ".join(words)


def equal(ours, theirs):
    """One is the other, or begins with it (`Intel Finland`), or both are names of one company."""
    one, other = plain(ours), plain(theirs)
    groups = [one, other]
    for names in SAME:
        if one in names:
            groups.extend(names)
    begins = [name for name in groups if other == name or other.startswith(name + " ")]
    begins = [name for name in begins if name != other or name == one or name in groups[2:]]
    return bool(begins) or one.startswith(other + " ")


def in_name(name, companies, other):
    found = re.search(r"\(([^()]+)\)\s*$", name)
    if not found:
        return None
    said = found.group(1).split(" - ")[0].strip()
    words = said.split()
    legal = 1 < len(words) and words[-1].lower().strip(".") in LEGAL
    if legal or said.lower() in companies:
        return said
    other[said] += 1
    return None


# Programs that put somebody else's name and employer in front of their own address.
ROBOTS = {"tip-bot2@linutronix.de"}


def in_signature(body, companies):
    """A part of the signature that is a company of the list, or ends in a legal form."""
    at = body.rfind("\n-- \n")
    if at < 0:
        return None
    for line in body[at + 5:].splitlines()[:6]:
        for part in re.split(r"[,|]| - ", line):
            part = part.strip()
            words = part.split()
            legal = 1 < len(words) <= 5 and words[-1].lower().strip(".") in LEGAL - {"as", "se", "co", "company"}
            if part[:1].isupper() and (part.lower() in companies or legal):
                return part
    return None


def text(message):
    for part in message.walk():
        if part.get_content_type() == "text/plain":
            raw = part.get_payload(decode=True) or b""
            try:
                return raw.decode(part.get_content_charset("utf-8"), "replace")
            except LookupError:
                return raw.decode("utf-8", "replace")
    return ""


def seen_in(folder, companies, other):
    """(name, address, seconds, [(source, employer)]) of each mail."""
    for mirror in sorted(pathlib.Path(folder).rglob("*.git")):
        for raw in mirrors.mails(str(mirror)):
            message = email.message_from_bytes(raw)
            name, address = email.utils.parseaddr(decoded(message.get("From", "")))
            try:
                when = email.utils.parsedate_to_datetime(message["Date"]).timestamp()
            except Exception:  # noqa: BLE001
                continue
            said = [("name", in_name(name, companies, other))]
            head = message.get("Organization") or message.get("Organisation")
            if head and "private" not in decoded(head).lower():
                said.append(("header", decoded(head).strip()))
            said.append(("signature", in_signature(text(message).replace("\r\n", "\n"), companies)))
            yield name, address.lower(), when, [(by, what) for by, what in said if what]


def seen_in_table(path, companies, other):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            found = re.match(r'\s*"?(.*?)"?\s*<([^<>]*)>', row["from"])
            if found and row["time"].isdigit():
                name, address = found.groups()
                said = in_name(name, companies, other)
                yield name, address.lower(), float(row["time"]), [("name", said)] if said else []


def day(seconds):
    import datetime
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).date().isoformat()


def ours(spans, maps):
    """address -> [(employer, from, until, source)] by the address alone."""
    rows = "".join(f"{a}\t{a}\t{day(f)}\t{day(l)}\n" for a, (f, l) in sorted(spans.items()))
    command = ["cargo", "run", "-q", "-p", "lorecast-people", "--example", "employers", "--", *maps]
    out = subprocess.run(command, input=rows, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    found = collections.defaultdict(list)
    for line in out.splitlines():
        person, employer, _, _, source = line.split("\t")
        found[person].append((employer, source))
    return found


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("mirrors")
    arguments.add_argument("headers", nargs="?")
    arguments.add_argument("--map", action="append", default=[])
    args = arguments.parse_args()
    figures.needed(args.mirrors)
    listed = (ROOT / "crates/lorecast-people/src/employers/companies.txt").read_text().splitlines()
    names = [line.split("=")[0].strip().lower() for line in listed if "=" in line and line[0] != "#"]
    companies = {name for name in names if len(name) > 1}.union(*SAME)
    spans, declared = {}, collections.defaultdict(dict)
    people, own_name, mails = collections.defaultdict(set), {}, 0
    other = collections.Counter()
    sources = [seen_in(args.mirrors, companies, other)]
    if args.headers and pathlib.Path(args.headers).exists():
        sources.append(seen_in_table(args.headers, companies, other))
    for source in sources:
        for name, address, when, said in source:
            mails += 1
            if "@" not in address or address in ROBOTS or not 0 < when < 4e9:
                continue
            first, last = spans.get(address, (when, when))
            spans[address] = min(first, when), max(last, when)
            full = re.sub(r"\s*\(.*", "", name).strip().strip("'\"").lower()
            if len(full.split()) > 1 and " via " not in full:
                people[full].add(address)
                own_name[address] = full
            for by, what in said:
                times = declared[address].setdefault((by, what), [])
                times.append(when)
    print(f"{mails} mails, {len(spans)} addresses, {len(declared)} of them declare an employer")
    employers = ours(spans, args.map)
    print(f"{sum(1 for a in spans if employers.get(a))} addresses have an employer by domain or map\n")
    same = compare(employers, declared, lambda address: [address], spans)
    report("the same address", same)
    namesakes = compare(employers, declared,
                        lambda address: people.get(own_name.get(address), set()) - {address}, spans)
    report("the same name from elsewhere", namesakes)
    print("behind names, not counted:", ", ".join(f"{word} ({n})" for word, n in other.most_common(60)))


def compare(employers, declared, others, spans):
    """(address, our employer, source, declared, by, where, equal), one for each pair of words."""
    rows = []
    for address, found in sorted(employers.items()):
        first, last = spans[address]
        for other in sorted(others(address)):
            for (by, what), times in sorted(declared.get(other, {}).items()):
                if not any(first <= when <= last for when in times):
                    continue
                for employer, source in found:
                    rows.append((address, employer, source, what, by, other, len(times), equal(employer, what)))
    return rows


def report(what, rows):
    for by in ["name", "header", "signature"]:
        own = [row for row in rows if row[4] == by]
        figures.show(f"{what}: {by}", sum(row[-1] for row in own), len(own))
    figures.show(f"{what}: all", sum(row[-1] for row in rows), len(rows))
    figures.show(f"{what}: all, by mails", sum(row[-1] * row[-2] for row in rows), sum(row[-2] for row in rows))
    people = {row[0] for row in rows}
    wrong = {row[0] for row in rows if not row[-1]}
    figures.show(f"{what}: by address", len(people - wrong), len(people))
    for address, employer, source, said, by, other, _, fine in rows:
        if not fine:
            domain = address.split("@")[1]
            print(f"    {domain}: {employer} by {source}; says `{said[:60]}` ({by}, at {other.split('@')[1]})")
    print()


if __name__ == "__main__":
    main()
