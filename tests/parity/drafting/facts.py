#!/usr/bin/env python3
"""Are the facts of drafted episodes those of the mails?

    tests/parity/drafting/facts.py SHOW MIRRORS EPISODE...

MIRRORS hold bare public inboxes. Every piece of evidence of the episodes that a mail proves is looked
up in the mail itself, read with Python's email package: it shares no code with the program. Names may
lose what a list added ("via LIST"), an employer in brackets, and have "Last, First" turned round. Prints
each sort of fact with its n and Wilson interval, and every piece that is not borne out.
"""
import email
import email.policy
import html
import re
import sys
from collections import Counter

import mirrors
from mirrors import figures


def words(text):
    return " ".join(text.split())


def body(mail):
    """All that a reader sees as text."""
    texts = []
    for part in mail.walk():
        if part.get_content_maintype() != "text":
            continue
        payload = part.get_payload(decode=True) or b""
        charset = part.get_content_charset() or "utf-8"
        try:
            text = payload.decode(charset, "replace")
        except LookupError:
            text = payload.decode("utf-8", "replace")
        if part.get_content_subtype() == "html":
            text = html.unescape(re.sub(r"<[^>]*>", " ", text))
        texts.append(text)
    return "\n".join(texts)


def header(mail, name):
    return words(str(email.header.make_header(email.header.decode_header(str(mail.get(name) or "")))))


def names(mail, text):
    """What the sender may be called."""
    called, address = email.utils.parseaddr(header(mail, "From"))
    called = words(called).strip("'\" ")
    found = {called, address, address.split("@")[0]}
    found |= {name.split(" via ")[0].strip("'\" ") for name in set(found)}
    found |= {re.sub(r"\s*[(\[][^)\]]*[)\]]", "", name).strip() for name in set(found)}
    # "Bug tracking (Ann Vogel)".
    found |= {inner for name in set(found) for inner in re.findall(r"[(\[]([^)\]]+)[)\]]", name)}
    found |= {" ".join(reversed(name.split(", ", 1))) for name in set(found) if ", " in name}
    # People who write from a bare address sign their patches.
    found |= {words(n) for n, a in re.findall(r"(?m)^[A-Z][\w-]*-by: *(.+?) *<(\S+)>", text) if a == address}
    return found


def holds(fact, value, mail, text):
    """Whether the mail bears it out; `None` for what a mail alone cannot."""
    subject = header(mail, "Subject")
    if fact == "quotation":
        # In the sender's own lines; what they quote is another's.
        own = [line for line in text.split("\n") if not line.lstrip().startswith(">")]
        return words(value) in words("\n".join(own)) or value in subject
    if fact in ("author", "reply"):
        return value in names(mail, text)
    if fact == "title":
        return words(value) in subject
    if fact == "version":
        tagged = re.search(r"(?i)(?:\b|patch)v\s?(\d+(?:\.\d+)?)\b", subject)
        return (tagged.group(1) if tagged else "1") == value
    if fact == "release":
        return all(piece in subject for piece in re.findall(r"\d[\w.-]*", value))
    if fact == "patches":
        return re.search(rf"/0*{value}\b", subject) is not None
    return None


def main(show, folder, episodes):
    evidence = []
    for episode in episodes:
        told = mirrors.episode(show, episode)
        for story in told.get("stories", []) + told.get("follow_ups", []):
            evidence += [e for e in story.get("evidence", []) if not e.get("commit")]
    held = mirrors.by_id(folder, {e["message"] for e in evidence})
    right, all_, absent = Counter(), Counter(), 0
    for one in evidence:
        raw = held.get(one["message"])
        if raw is None:
            absent += 1
            continue
        mail = email.message_from_bytes(raw)
        verdict = holds(one["fact"], str(one["value"]), mail, body(mail))
        if verdict is None:
            continue
        all_[one["fact"]] += 1
        right[one["fact"]] += verdict
        if not verdict:
            print(f"  not borne out: {one['fact']} {one['value']!r} of {one['message']}")
    for fact in sorted(all_):
        figures.show(fact, right[fact], all_[fact])
    figures.show("all", sum(right.values()), sum(all_.values()), f"{absent} pieces whose mail is not in the mirrors")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
