"""The mails of a folder of bare public-inbox v2 epochs (`*.git`) and mbox files (`*.mbox`, mboxrd).

Reads each mail's header block once; raw bytes are read again when asked for. Mails that several lists
carried are taken once, from the first list by name.
"""
import email.header
import email.utils
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "archives"))
import mails as epochs  # noqa: E402

ID = re.compile(r"<([^<>\s]+)>")
REPLY = re.compile(r"^\s*(?:\[[^\]]*\]\s*)?(?:re|aw|fwd?|sv|antw)\s*(?:\[\d+\])?:", re.I)
TAGS = re.compile(r"^\s*((?:\[[^\]]*\]\s*)+)")
COUNT = re.compile(r"(\d+)\s*(?:/|of)\s*(\d+)", re.I)
VERSION = re.compile(r"(?<![a-z])v\s?(\d{1,3})(?![\d.]*\d)|patchv(\d+)", re.I)


class Mail:
    """What a header block says."""

    def __init__(self, source, place, head):
        self.source, self.place = source, place
        head = re.sub(rb"\r?\n[ \t]+", b" ", head).decode("utf-8", "replace")
        fields = {}
        for line in head.splitlines():
            name, colon, value = line.partition(":")
            if colon:
                fields.setdefault(name.strip().lower(), value.strip())
        found = ID.search(fields.get("message-id", ""))
        self.id = found[1] if found else None
        replied = ID.findall(fields.get("in-reply-to", ""))
        references = ID.findall(fields.get("references", ""))
        self.references = [one for one in references if one not in replied[:1]] + replied[:1]
        self.subject = " ".join(decoded(fields.get("subject", "")).split())
        self.sender = email.utils.parseaddr(fields.get("from", ""))[1].lower()
        date = email.utils.parsedate_tz(fields.get("date", ""))
        try:
            self.date = email.utils.mktime_tz(date) if date else 0
        except (OverflowError, ValueError):
            self.date = 0
        self._read_subject()

    def _read_subject(self):
        """`reply`, `posting` (a patch or a cover letter by its subject), `number`, `total`, `version`, `versioned`, `title`."""
        self.reply = bool(REPLY.match(self.subject))
        found = TAGS.match(self.subject)
        tags = found[1] if found else ""
        self.title = self.subject[found.end() :] if found else self.subject
        count = COUNT.search(tags)
        self.number, self.total = (int(count[1]), int(count[2])) if count else (None, None)
        version = VERSION.search(tags)
        self.versioned = bool(version)
        self.version = int(version[1] or version[2]) if version else 1
        patch = re.search(r"patch|rfc", tags, re.I) or count
        self.posting = bool(patch) and not self.reply and "pull" not in tags.lower() and ":" not in tags

    def is_cover(self):
        return self.posting and self.number == 0


def decoded(value):
    if "=?" not in value:
        return value
    try:
        parts = email.header.decode_header(value)
        return "".join(part.decode(charset or "ascii", "replace") if isinstance(part, bytes) else part for part, charset in parts)
    except (LookupError, ValueError, email.errors.HeaderParseError):
        return value


class Mails:
    """Mails by id."""

    def __init__(self, folder):
        self.by_id, self.order, self._cats = {}, [], {}
        folder = pathlib.Path(folder)
        sources = sorted([*folder.glob("*.git"), *folder.glob("*.mbox")])
        if not sources:
            print(f"SKIPPED: no *.git and no *.mbox in {folder}", file=sys.stderr)
            sys.exit(0)
        for source in sources:
            for place, raw in read(source):
                mail = Mail(source, place, split(raw)[0])
                if mail.id and mail.id not in self.by_id:
                    self.by_id[mail.id] = mail
                    self.order.append(mail)
        self.order.sort(key=lambda mail: (mail.date, mail.id))

    def __contains__(self, mid):
        return mid in self.by_id

    def __getitem__(self, mid):
        return self.by_id[mid]

    def raw(self, mid):
        """The bytes of a mail."""
        mail = self.by_id[mid]
        if mail.source.suffix == ".mbox":
            with open(mail.source, "rb") as file:
                file.seek(mail.place[0])
                return unescaped(file.read(mail.place[1]))
        if mail.source not in self._cats:
            command = ["git", "-C", mail.source, "cat-file", "--batch"]
            self._cats[mail.source] = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cat = self._cats[mail.source]
        cat.stdin.write(f"{mail.place}\n".encode())
        cat.stdin.flush()
        size = int(cat.stdout.readline().split()[2])
        raw = cat.stdout.read(size)
        cat.stdout.read(1)
        return raw

    def close(self):
        for cat in self._cats.values():
            cat.stdin.close()
            cat.wait()

    def threads(self):
        """Lists of mails that references connect, by id of each mail; oldest first."""
        parent = {}

        def find(one):
            root = one
            while parent.setdefault(root, root) != root:
                root = parent[root]
            while parent[one] != root:
                parent[one], one = root, parent[one]
            return root

        for mail in self.order:
            for other in mail.references:
                parent[find(mail.id)] = find(other)
        groups = {}
        for mail in self.order:
            groups.setdefault(find(mail.id), []).append(mail)
        return {mail.id: group for group in groups.values() for mail in group}


def split(raw):
    """Header block and body."""
    parts = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else b""


def read(source):
    """Each mail of a source: its place in it, and its bytes."""
    if source.suffix == ".git":
        yield from epochs.mails(source)
        return
    data = source.read_bytes()
    starts = [found.end() for found in re.finditer(rb"(?:\A|\n)From [^\n]*\n", data)]
    ends = [data.rfind(b"From ", 0, start) for start in starts[1:]] + [len(data)]
    for start, end in zip(starts, ends):
        yield (start, end - start), unescaped(data[start:end])


def escaped(raw):
    """mboxrd: `>` before each line that starts with any number of them and `From `."""
    return re.sub(rb"^(>*From )", rb">\1", raw, flags=re.M)


def unescaped(raw):
    raw = re.sub(rb"^>(>*From )", rb"\1", raw, flags=re.M)
    return raw[:-1] if raw.endswith(b"\n\n") else raw
