#!/usr/bin/env python3
"""Writes mail/kernel.mboxrd and mail/lists.mboxrd from the threads in stories/*.txt.

    python3 write-mail.py            write both mailboxes
    python3 write-mail.py --index    print THREAD/NAME, arrival, Message-ID and subject of each mail

Python 3 standard library only; equal stories give equal bytes. Everything here is invented.

HOW TO ADD A THREAD
Make a file stories/SOME-NAME.txt. Lines before the first `=== ` are comments, except
`lists: linux-mm linux-kernel`, the lists that its mails go to. Then come the mails:

    === NAME [< PARENT] | WHEN | WHO [| LISTS]
    Header: value                         (optional; `Subject:` is required unless it is a reply)
                                          (a blank line ends the headers)
    the text

  NAME     any word; unique within the file.
  PARENT   the NAME it answers, or a literal message-id (with an `@`) that nobody holds.
  WHEN     `06-16 09:12` (2025, UTC), or `+2s`, `+15m`, `+3h`, `+2d` after the mail above.
  WHO      a key of people.txt, or `raw`: then everything below is the mail itself, byte for byte, with
           `\\xNN` for bytes; only its List-Id is added. That is how malformed mails are made.
  LISTS    instead of the file's own lists. linux-kernel goes to kernel.mboxrd, every other list to
           lists.mboxrd; a mail on two lists is a cross-post: two copies, one Message-ID.

  Headers  may also be `Cc: KEY KEY`, `Charset: iso-8859-1`, `Encoding: base64` (or
           quoted-printable), `Via: LIST` (the From is rewritten as "Name via LIST"), and any other.

In the text:
  > quoted               the attribution line ("On Mon, … wrote:") is put above the first quotation
  {KEY}                  Name <address> of somebody in people.txt
  {sob}                  Signed-off-by: with the sender
  {sha:word}             40 hex digits made from the word; {sha12:word} the first 12
  {id:NAME}              the Message-ID of a mail of this file; {id:FILE/NAME} of another file
  {repeat NAME}          the text of another mail of this file (patches that did not change)
  diff: PATH             a diff begins: the four header lines are made, and
  @@ 120 context         becomes a hunk header with the right counts
The diffstat of a patch, the shortlog and diffstat of a cover letter, and the closing version line are
added by themselves.
"""

import base64
import datetime as dt
import email.header
import email.utils
import hashlib
import pathlib
import quopri
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
DOMAIN = "lists.kernel.example"
YEAR = 2025
AGENT = {
    "mutt": "User-Agent: Mutt/2.9.1 (2025-01-11)",
    "tb": "User-Agent: Thunderstorm 141.0",
    "gnus": "User-Agent: Gnat/6.13 (newsreader)",
    "gmail": "",
    "bot": "X-Generated-By: a robot",
}


class Mail:
    """One mail of a story, as written; `fill` gives it its id and its time."""

    def __init__(self, story, name, parent, when, who, lists):
        self.story, self.name, self.parent = story, name, parent
        self.when, self.who, self.lists = when, who, lists
        self.headers, self.lines = [], []

    def header(self, key):
        return next((v for k, v in self.headers if k.lower() == key.lower()), None)


def digest(*words):
    return hashlib.sha1("/".join(words).encode()).hexdigest()


def read_people():
    people = {}
    for line in (HERE / "people.txt").read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            key, name, address, zone, style = (f.strip() for f in line.split("|"))
            people[key] = {"name": name, "email": address, "zone": int(zone), "style": style}
    return people


def read_story(path):
    mails, lists, mail = [], ["linux-kernel"], None
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("=== "):
            fields = [f.strip() for f in line[4:].split("|")]
            name, _, parent = (w.strip() for w in fields[0].partition("<"))
            own = fields[3].split() if len(fields) > 3 else lists
            mail = Mail(path.stem, name, parent or None, fields[1], fields[2], own)
            mail.in_headers = fields[2] != "raw"
            mails.append(mail)
        elif mail is None:
            if line.startswith("lists:"):
                lists = line[6:].split()
        elif mail.in_headers:
            if line.strip():
                key, _, value = line.partition(":")
                mail.headers.append((key, value.strip()))
            else:
                mail.in_headers = False
        else:
            mail.lines.append(line)
    for mail in mails:
        while mail.lines and not mail.lines[-1].strip():
            mail.lines.pop()
    return mails


def place_in_time(mails):
    now = None
    for mail in mails:
        step = re.fullmatch(r"\+(\d+)([smhd])", mail.when)
        if step:
            now += dt.timedelta(seconds=int(step[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[step[2]])
        else:
            month, day, hour, minute = map(int, re.split(r"[- :]", mail.when))
            second = int(digest(mail.story, mail.name)[:4], 16) % 60
            now = dt.datetime(YEAR, month, day, hour, minute, second, tzinfo=dt.timezone.utc)
        mail.sent = now
        mail.arrived = now + dt.timedelta(seconds=2 + int(digest(mail.name, mail.story)[:2], 16) % 9)


def subject_of(mail, by_name):
    own = mail.header("Subject")
    if own is not None or mail.parent is None:
        return own
    parent = by_name.get(mail.parent)
    above = subject_of(parent, by_name) if parent else "(no subject)"
    return above if re.match(r"(?i)re:", above or "") else f"Re: {above}"


def is_patch(subject):
    return bool(re.match(r"\[[^\]]*PATCH[^\]]*\]", subject or ""))


def name_mail(mail, by_name, people):
    """Message-IDs in the manners of git send-email, mail programs and robots."""
    mail.subject = subject_of(mail, by_name)
    own = mail.header("Message-ID")
    if mail.who == "raw":
        mail.id = next((m[1] for l in mail.lines for m in [re.match(r"(?i)message-id:\s*<(.*)>", l)] if m), None)
        mail.subject = next((l[9:] for l in mail.lines if l.startswith("Subject: ")), "(none)")
        return
    person = people[mail.who]
    seed = digest(mail.story, mail.name)
    domain = person["email"].split("@")[1]
    if own:
        mail.id = own.strip("<>")
    elif is_patch(mail.subject) and person["style"] != "bot":
        parent = by_name.get(mail.parent)
        first = parent if parent and parent.who == mail.who and is_patch(parent.subject) else mail
        number = re.search(r"\b(\d+)/\d+\]", mail.subject)
        batch = int(digest(first.story, first.name)[:5], 16) % 90000 + 10000
        step = int(number[1]) + 1 if number else 1
        mail.id = f"{first.sent:%Y%m%d%H%M%S}.{batch}-{step}-{person['email']}"
    elif person["style"] == "gmail":
        body = base64.urlsafe_b64encode(bytes.fromhex(seed)).decode().rstrip("=")
        mail.id = f"CA{body}=Q@mail.example"
    elif person["style"] == "tb":
        mail.id = f"{seed[:8]}-{seed[8:12]}-{seed[12:16]}-{seed[16:20]}-{seed[20:32]}@{domain}"
    elif person["style"] == "gnus":
        mail.id = f"87{seed[:10]}.fsf@{domain}"
    elif person["style"] == "bot":
        mail.id = f"{mail.sent:%Y%m%d%H%M}.{seed[:8]}-{person['email']}"
    else:
        body = base64.urlsafe_b64encode(bytes.fromhex(seed[:24])).decode()
        mail.id = f"aE{body}@{domain}"


def address(person):
    name = person["name"]
    if re.search(r'[,.()"]', name):
        name = f'"{name}"'
    return f"{name} <{person['email']}>"


def attribution(parent, people):
    who = people[parent.who]
    here = parent.sent.astimezone(dt.timezone(dt.timedelta(minutes=who["zone"])))
    name = who["name"]
    return {
        "mutt": f"On {here:%a, %b %d, %Y at %I:%M:%S%p %z}, {name} wrote:",
        "gmail": f"On {here:%a, %b} {here.day}, {here:%Y at %H:%M} {name}\n<{who['email']}> wrote:",
        "tb": f"On {here.month}/{here.day}/{here:%y %H:%M}, {name} wrote:",
        "gnus": f"{name} <{who['email']}> writes:\n",
        "bot": f"{name} wrote:",
    }


def full_diff(lines, seed):
    """Turns the shorthand into a real diff; returns it with {path: (added, removed)}."""
    out, stat, path, i = [], {}, None, 0
    while i < len(lines):
        line = lines[i]
        i += 1
        if line.startswith("diff: "):
            path, _, new = line[6:].partition(" new")
            before, after = digest(seed, path, "a")[:12], digest(seed, path, "b")[:12]
            new = line.endswith(" new")
            stat[path] = [0, 0]
            out.append(f"diff --git a/{path} b/{path}")
            out += ["new file mode 100644", f"index 000000000000..{after}"] if new else [f"index {before}..{after} 100644"]
            out += ["--- /dev/null" if new else f"--- a/{path}", f"+++ b/{path}"]
            shift = 0
        elif line.startswith("@@ ") and path:
            start, _, context = line[3:].partition(" ")
            hunk = []
            while i < len(lines) and not lines[i].startswith(("@@ ", "diff: ")):
                hunk.append(lines[i] or " ")
                i += 1
            while hunk and not hunk[-1].strip():
                hunk.pop()
            added = sum(l[0] == "+" for l in hunk)
            removed = sum(l[0] == "-" for l in hunk)
            old, new_count = len(hunk) - added, len(hunk) - removed
            first = int(start)
            old_at, new_at = (0, 1) if old == 0 else (first, first + shift)
            out.append(f"@@ -{old_at},{old} +{new_at},{new_count} @@ {context}".rstrip())
            out += hunk
            stat[path][0] += added
            stat[path][1] += removed
            shift += added - removed
        else:
            out.append(line)
    return out, stat


def diffstat(stat):
    if not stat:
        return []
    width = max(map(len, stat))
    rows = []
    for path, (added, removed) in sorted(stat.items()):
        total = added + removed
        scale = min(1, 40 / total) if total else 0
        bar = "+" * round(added * scale) + "-" * round(removed * scale)
        rows.append(f" {path:<{width}} | {total:>3} {bar}")
    plural = lambda n, word: f"{n} {word}{'' if n == 1 else 's'}"
    added, removed = (sum(c[k] for c in stat.values()) for k in (0, 1))
    tail = plural(len(stat), "file") + " changed"
    tail += f", {plural(added, 'insertion')}(+)" if added else ""
    tail += f", {plural(removed, 'deletion')}(-)" if removed else ""
    return rows + [" " + tail]


def text_of(mail, world):
    """The text with every placeholder filled; returns lines, and the diff's statistics."""
    by_name = world["stories"][mail.story]
    people = world["people"]
    lines = []
    for line in mail.lines:
        again = re.fullmatch(r"\{repeat (\S+)\}", line)
        lines += by_name[again[1]].lines if again else [line]

    def fill(match):
        word = match[1]
        if word == "sob":
            return "Signed-off-by: " + address(people[mail.who])
        if word.startswith("sha:"):
            return digest("commit", word[4:])
        if word.startswith("sha12:"):
            return digest("commit", word[6:])[:12]
        if word.startswith("id:"):
            story, _, name = word[3:].rpartition("/")
            return world["stories"][story or mail.story][name].id
        return address(people[word]) if word in people else match[0]

    lines = [re.sub(r"\{([a-z0-9:/_.-]+)\}", fill, line) for line in lines]
    first_diff = next((i for i, l in enumerate(lines) if l.startswith("diff: ")), len(lines))
    prose, (diff, stat) = lines[:first_diff], full_diff(lines[first_diff:], mail.story + mail.name)
    parent = by_name.get(mail.parent)
    quote = next((i for i, l in enumerate(prose) if l.startswith(">")), None)
    if quote is not None and parent is not None and parent.who != "raw" and "{nowho}" not in prose:
        style = people[mail.who]["style"]
        prose[quote:quote] = attribution(parent, people)[style].split("\n")
    prose = [l for l in prose if l != "{nowho}"]
    if diff:
        while prose and not prose[-1].strip():
            prose.pop()
        if "---" not in prose:
            prose.append("---")
        prose += ([] if prose[-1] == "---" else [""]) + diffstat(stat) + [""]
        diff += ["-- ", "2.49.0", ""]
    return prose + diff, stat


def series_summary(cover, world):
    """Shortlog and diffstat of the patches that answer a cover letter."""
    mails = world["stories"][cover.story].values()
    patches = [m for m in mails if m.parent == cover.name and m.who == cover.who and is_patch(m.subject)]
    titles, total = [], {}
    for patch in patches:
        titles.append(re.sub(r"^\[[^\]]*\]\s*", "", patch.subject))
        for path, (added, removed) in text_of(patch, world)[1].items():
            old = total.get(path, [0, 0])
            total[path] = [old[0] + added, old[1] + removed]
    name = world["people"][cover.who]["name"]
    log = [f"{name} ({len(titles)}):"] + ["  " + t for t in titles]
    return ["", *log, "", *diffstat(total), "", "-- ", "2.49.0", ""] if titles else ["", "-- ", "2.49.0", ""]


def encoded(text):
    try:
        text.encode("ascii")
        return text
    except UnicodeEncodeError:
        return email.header.Header(text, "utf-8", maxlinelen=10000).encode()


def from_header(person, via):
    name = person["name"]
    if via:
        return f"{encoded(name)} via {via} <{via}@{DOMAIN}>"
    ascii_name = name.isascii()
    if not ascii_name:
        return f"{encoded(name)} <{person['email']}>"
    return address(person)


def cooked(mail, world):
    """Header lines and body bytes of an ordinary mail."""
    people, by_name = world["people"], world["stories"][mail.story]
    person = people[mail.who]
    lines, _ = text_of(mail, world)
    if is_patch(mail.subject) and re.search(r"\b0+/\d+\]", mail.subject):
        lines += series_summary(mail, world)
    text = "\n".join(lines).rstrip("\n") + "\n"
    chain, above = [], mail.parent
    while above:
        parent = by_name.get(above)
        chain.insert(0, parent.id if parent else above)
        above = parent.parent if parent else None
    addresses = [f"{l}@{DOMAIN}" for l in mail.lists]
    cc = [from_header(people[k], None) for k in (mail.header("Cc") or "").split()]
    parent = by_name.get(mail.parent)
    if parent and parent.who not in ("raw", mail.who):
        to, cc = [from_header(people[parent.who], None)], addresses + cc
    else:
        to, cc = addresses[:1], addresses[1:] + cc
    local = mail.sent.astimezone(dt.timezone(dt.timedelta(minutes=person["zone"])))
    via = mail.header("Via")
    head = [f"From: {from_header(person, via)}"]
    head += [f"Reply-To: {from_header(person, None)}"] if via else []
    head += [f"To: {', '.join(to)}"] + (['Cc: ' + ',\n\t'.join(cc)] if cc else [])
    head += [f"Subject: {encoded(mail.subject)}", f"Date: {email.utils.format_datetime(local)}", f"Message-ID: <{mail.id}>"]
    head += [f"In-Reply-To: <{chain[-1]}>", "References: " + "\n\t".join(f"<{i}>" for i in chain)] if chain else []
    agent = "X-Mailer: git-send-email 2.49.0" if is_patch(mail.subject) and person["style"] != "bot" else AGENT[person["style"]]
    head += [agent] if agent else []
    known = {"subject", "message-id", "cc", "charset", "encoding", "via"}
    head += [f"{k}: {v}" for k, v in mail.headers if k.lower() not in known]
    charset = mail.header("Charset") or ("us-ascii" if text.isascii() else "utf-8")
    coding = mail.header("Encoding") or ("7bit" if text.isascii() else "8bit")
    body = text.encode(charset)
    if coding == "base64":
        body = base64.encodebytes(body)
    elif coding == "quoted-printable":
        body = quopri.encodestring(body)
    if charset != "us-ascii" or coding != "7bit":
        head += ["MIME-Version: 1.0", f"Content-Type: text/plain; charset={charset}", f"Content-Transfer-Encoding: {coding}"]
    return head, body


def raw(mail, _world):
    """Header lines and body bytes of a mail that is written out."""
    text = "\n".join(mail.lines) + "\n"
    data = re.sub(rb"\\x([0-9a-f]{2})", lambda m: bytes.fromhex(m[1].decode()), text.encode("utf-8"))
    head, _, body = data.partition(b"\n\n")
    return head, body


def bytes_of(mail, listname, world):
    head, body = (raw if mail.who == "raw" else cooked)(mail, world)
    if isinstance(head, list):
        head = "\n".join(head).encode("utf-8")
    sender = world["people"].get(mail.who, {}).get("email", f"bounces@{DOMAIN}")
    trace = digest(mail.story, mail.name, listname)[:10].upper()
    host = sender.split("@")[1]
    above = (
        f"Received: from mail.{host} by {DOMAIN} with ESMTPS id {trace};\n"
        f"\t{email.utils.format_datetime(mail.arrived)}\n"
        f"List-Id: <{listname}.{DOMAIN}>\nPrecedence: bulk\n"
    ).encode()
    stamp = f"{mail.arrived:%a %b} {mail.arrived.day:>2} {mail.arrived:%H:%M:%S %Y}"
    message = above + head + b"\n\n" + body
    message = re.sub(rb"(?m)^(>*From )", rb">\1", message)
    return f"From {sender} {stamp}\n".encode() + message.rstrip(b"\n") + b"\n\n"


def main():
    people = read_people()
    world = {"people": people, "stories": {}}
    mails = []
    for path in sorted((HERE / "stories").glob("*.txt")):
        story = read_story(path)
        by_name = {m.name: m for m in story}
        if len(by_name) != len(story):
            names = [m.name for m in story]
            sys.exit(f"{path}: names used twice: {sorted({n for n in names if names.count(n) > 1})}")
        for mail in story:
            if mail.parent and mail.parent not in by_name and "@" not in mail.parent:
                sys.exit(f"{path}: `{mail.name}` answers `{mail.parent}`, which is not there")
            if mail.who != "raw" and mail.who not in people:
                sys.exit(f"{path}: `{mail.who}` is not in people.txt")
        world["stories"][path.stem] = by_name
        place_in_time(story)
        for mail in story:
            name_mail(mail, by_name, people)
        mails += story
    mails.sort(key=lambda m: (m.arrived, m.story, m.name))
    if "--index" in sys.argv:
        for m in mails:
            print(f"{m.story}/{m.name}\t{m.arrived:%Y-%m-%d %H:%M:%S}\t{m.id}\t{m.subject}")
        return
    boxes = {"kernel": b"", "lists": b""}
    for mail in mails:
        for listname in mail.lists:
            boxes["kernel" if listname == "linux-kernel" else "lists"] += bytes_of(mail, listname, world)
    (HERE / "mail").mkdir(exist_ok=True)
    for name, data in boxes.items():
        (HERE / "mail" / f"{name}.mboxrd").write_bytes(data)
        print(f"mail/{name}.mboxrd: {data.count(b'From ')} lines with `From `, {len(data)} bytes")


main()
