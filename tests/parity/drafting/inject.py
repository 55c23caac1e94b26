#!/usr/bin/env python3
"""How many mistakes does `lorecast check` find, and how often does it cry wolf?

    tests/parity/drafting/inject.py SHOW [--lorecast BIN] [--seed N…] [--each 20] [--missed] [--edited] EPISODE…

Takes drafted episodes of a show, puts mistakes of nine kinds into copies of their notes (20 of each
kind and episode), runs `lorecast check` on the copies and counts those that are found: an error of a
rule that is about this kind of mistake (RULES), at the very words that were changed. Any other error on
the line does not count. Then checks the clean notes: every error there is a false alarm. `--edited`
first edits the notes as a producer would (straight quotation marks, lines wrapped at 80 columns,
reference links, first names, remarks of its own), and puts the mistakes into that.

It knows of the program only its command line: `check`, `export messages`, `messages`. The peer is a
producer's own eye: nobody checks notes by program, and the 2017 show went out with 8 misspelt names in
10 episodes. Intervals are Wilson's, 95 %.
"""
import argparse, email, email.policy, json, math, os, random, re, subprocess, sys, tempfile, textwrap

LINK = re.compile(r"\]\((https?://[^)\s]+)\)")
QUOTE = re.compile(r"“([^“”]+)”")

# Which rules are about each kind of mistake.
RULES = {
    "name": {"name", "speaker"},
    "speaker": {"speaker"},
    "version": {"version"},
    "rc": {"release", "title", "version", "quotation"},
    "count": {"count"},
    "date": {"date"},
    # A sentence may be put where a title stood.
    "not_": {"quotation", "title"},
    "joined": {"quotation", "quotation-source", "title"},
    "wrong_id": {"link", "title", "quotation", "quotation-source", "speaker", "version", "release"},
}
MONTHS = "January February March April May June July August September October November December".split()


def people(folder, episode):
    """Who posted and who replied, as episode.yaml has it."""
    yaml = open(f"{folder}/episodes/{episode}/episode.yaml").read()
    facts = re.findall(r"fact: (?:author|reply|reviewed|acked|tested|rejected|changes-requested)\n\s+value: (.+)", yaml)
    return sorted({f.strip("'\"") for f in facts})


def wilson(k, n, z=1.96):
    if n == 0:
        return 0.0, 1.0
    p, d = k / n, 1 + z * z / n
    mid, half = (p + z * z / (2 * n)) / d, z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d
    return mid - half, mid + half


class Show:
    def __init__(self, folder, program):
        self.folder, self.program = folder, program
        self.rows = {}
        out = self.run("export", "messages", "--format", "tsv").stdout
        head, *lines = out.split("\n")
        columns = head.split("\t")
        for line in lines:
            if line:
                row = dict(zip(columns, line.split("\t")))
                self.rows[row["message_id"]] = row
        self.threads = {}
        for id, row in self.rows.items():
            self.threads.setdefault(row["thread_id"], []).append(id)
        self.texts = {}
        self.names = []

    def run(self, *words):
        return subprocess.run(
            [self.program, *words, "--show", self.folder], capture_output=True, text=True)

    def text(self, id):
        """The sender's own lines of a mail."""
        if id not in self.texts:
            command = [self.program, "messages", id, "--raw", "--show", self.folder]
            mail = email.message_from_bytes(
                subprocess.run(command, capture_output=True).stdout, policy=email.policy.default)
            try:
                body = mail.get_body(("plain",)).get_content()
            except (AttributeError, LookupError, ValueError):
                body = ""
            self.texts[id] = "\n".join(l for l in body.split("\n") if not l.startswith(">"))
        return self.texts[id]

    def check(self, episode, notes):
        with tempfile.NamedTemporaryFile("w", suffix=".md", delete=False) as file:
            file.write(notes)
        out = self.run("check", episode, "--notes", file.name, "--format", "json")
        os.unlink(file.name)
        if not out.stdout:
            sys.exit(out.stderr)
        found = json.loads(out.stdout)["findings"]
        return [f for f in found if f["severity"] == "error"]


def id_of(url):
    import urllib.parse
    return urllib.parse.unquote(url.split("/r/", 1)[-1].rstrip("/"))


def outside(line, at):
    """Whether a place of a line is neither in a quotation nor in an address."""
    spans = [m.span() for m in QUOTE.finditer(line)] + [m.span(1) for m in LINK.finditer(line)]
    return not any(a <= at < b for a, b in spans)


# Around what was changed: characters that no mail has.
OPEN, CLOSE = "\ue000", "\ue001"


def replaced(line, span, text, of=None):
    """The line with other words, marked; `of` is the stretch that a finding may name instead."""
    new = line[: span[0]] + text + line[span[1]:]
    from_, to = of or span
    to += len(text) - (span[1] - span[0])
    return new[:from_] + OPEN + new[from_:to] + CLOSE + new[to:]


def quoted(line, span):
    """The quotation around a stretch of a line, else the stretch."""
    return next((m.span() for m in QUOTE.finditer(line) if m.start() <= span[0] and span[1] <= m.end()), span)


def edited(lines):
    """The notes as a producer might leave them: each paragraph in another way."""
    out, named = [], []
    for at, line in enumerate(lines):
        if line.startswith("#") or not line.strip():
            out.append(line)
            continue
        if at % 2:
            line = line.replace("“", '"').replace("”", '"').replace("’", "'")
        if at % 3 == 0:
            def name(m):
                named.append(f"[{len(named) + 1}]: {m[1]}")
                return f"][{len(named)}]"
            line = re.sub(r"\]\((https?://[^)\s]+)\)", name, line)
        if at % 3 == 1:
            line = re.sub(r"\bversion (?=[\ue000]?\d)", "v", line)
            line = re.sub(r"(?<=\w) \((?!RFC|Request)[A-Z]\w+(?: \w+)?\)(?= (?:posted|replied|asked|sent))", "", line)
        line = re.sub(r"\bcontinued work on\b", "followed up on", line)
        line = re.sub(r"\breplied, ", "replied, saying ", line)
        if at % 5 == 0:
            line += " I have to admit that I do not understand half of this, but it is great to see it."
        if at % 4 == 2:
            line = textwrap.fill(line, 80, break_long_words=False, break_on_hyphens=False)
        out.append(line)
    out += ["", "## Editorial notes", "", REMARK, "", *named]
    return out


REMARK = (
    "Apologies for the delay: I was down with a cold, and had 3 meetings on Monday. Thanks to everybody who wrote "
    "in about the last 2 episodes; \"keep going\" is what most of you said. Next week I will be at a conference in "
    "Prague, so the podcast will be short. Linux 6.4 is going to be great fun, version 2 of my microphone too."
)


def placed(text):
    """The text without marks, and for each stretch between marks its first and last line and column."""
    places, line, column, out = [], 1, 1, []
    for c in text:
        if c == OPEN:
            places.append([(line, column), (line, column)])
        elif c == CLOSE:
            places[-1][1] = (line, column)
        else:
            out.append(c)
            line, column = (line + 1, 1) if c == "\n" else (line, column + 1)
    return "".join(out), places


class Injector:
    """Each kind yields (what it does, line with the mistake) for a line of notes."""

    def __init__(self, show, lines, rng):
        self.show, self.lines, self.rng = show, lines, rng
        self.names = show.names
        self.urls = sorted({m[1] for l in lines for m in LINK.finditer(l)})
        self.quotes = [(i, m[1]) for i, l in enumerate(lines) for m in QUOTE.finditer(l) if len(m[1].split()) >= 8]

    def named(self, line):
        """Where the people of episode.yaml are named in a line, the longest names first."""
        found, taken = [], set()
        for name in sorted(self.names, key=len, reverse=True):
            for m in re.finditer(r"(?<!\w)(?P<name>" + re.escape(name) + r")(?!\w)", line):
                if outside(line, m.start()) and not taken & set(range(*m.span())):
                    taken |= set(range(*m.span()))
                    found.append(m)
        return found

    def name(self, line):
        found = self.named(line)
        for m in self.rng.sample(found, len(found)):
            name = m["name"]
            letters = [i for i, c in enumerate(name) if c.isalpha()]
            at = self.rng.choice(letters)
            other = self.rng.choice([c for c in "abcdefghijklmnopqrstuvwxyz" if c != name[at].lower()])
            other = other.upper() if name[at].isupper() else other
            new = self.rng.choice([
                name[:at] + other + name[at + 1:], name[:at] + name[at + 1:], name[:at] + name[at] + name[at:],
                name[:at] + name[at + 1: at + 2] + name[at] + name[at + 2:]])
            if new != name and new.strip() == new and "  " not in new and new not in self.names:
                yield f"{name} -> {new}", replaced(line, m.span("name"), new)

    def speaker(self, line):
        found = self.named(line)
        own = sorted({m["name"] for m in found})
        for m in self.rng.sample(found, len(found)):
            near = [n for n in own if n != m["name"]]
            pool = near if near and self.rng.random() < 0.7 else [n for n in self.names if n != m["name"]]
            # Half of a swap: the line holds one wrong speaker.
            if pool:
                new = self.rng.choice(pool)
                yield f"{m['name']} -> {new}", replaced(line, m.span("name"), new)

    def version(self, line):
        found = [m for m in re.finditer(r"\bversions? (\d+)", line) if outside(line, m.start())]
        for m in self.rng.sample(found, len(found)):
            old = int(m[1])
            new = old + self.rng.choice([-1, 1]) if old > 1 else old + 1
            yield f"version {old} -> {new}", replaced(line, m.span(1), str(new))

    def rc(self, line):
        found = list(re.finditer(r"\b(\d+\.\d+-rc)(\d+)", line))
        for m in self.rng.sample(found, len(found)):
            new = int(m[2]) + self.rng.choice([-1, 1]) if int(m[2]) > 1 else int(m[2]) + 1
            yield f"{m[0]} -> {new}", replaced(line, m.span(2), str(new), quoted(line, m.span()))
        found = [m for m in re.finditer(r"\b[v ](\d+\.)(\d+)(?![\w.])", line)]
        found = [m for m in found if all(not a <= m.start() < b for a, b in [x.span(1) for x in LINK.finditer(line)])]
        for m in self.rng.sample(found, len(found)):
            yield f"{m[0]} +1", replaced(line, m.span(2), str(int(m[2]) + 1), quoted(line, m.span()))
        # No release in the line: one that its mail names is put in, wrongly.
        for m in LINK.finditer(line):
            named = set(re.findall(r"(?<![\d.])\d\.\d+-rc\d+\b", self.show.text(id_of(m[1]))))
            if named and "-rc" not in line:
                base = self.rng.choice(sorted(named))
                head, number = base.split("-rc")
                wrong = f"{head}-rc{int(number) + 1}"
                thread = self.show.threads.get(self.show.rows.get(id_of(m[1]), {}).get("thread_id"), [])
                if len(thread) <= 30 and not any(wrong in self.show.text(i) for i in thread):
                    yield f"+ {wrong} for {base}", replaced(line, (len(line), len(line)), f" It is based on Linux {wrong}.")

    def count(self, line):
        pattern = r"\b(\d+)(?=-part| messages| people| errors| warnings| patches)"
        found = [m for m in re.finditer(pattern, line) if outside(line, m.start())]
        for m in self.rng.sample(found, len(found)):
            new = int(m[1]) + self.rng.choice([-1, 1, 2, 10])
            if new > 0:
                yield f"{m[1]} -> {new}", replaced(line, m.span(1), str(new))

    def date(self, line):
        pattern = r"\b(\d{1,2}) (" + "|".join(MONTHS) + r")\b"
        found = [m for m in re.finditer(pattern, line) if outside(line, m.start())]
        for m in self.rng.sample(found, len(found)):
            new = int(m[1]) + (1 if int(m[1]) < 28 else -1)
            yield f"{m[0]} -> {new}", replaced(line, m.span(1), str(new))
        m = re.search(r" posted (?=\[)", line)
        link = LINK.search(line)
        if m and link and outside(line, m.start()) and id_of(link[1]) in self.show.rows:
            sent = self.show.rows[id_of(link[1])]["date"]
            day = int(sent[8:10]) + self.rng.choice([1, 2, 3])
            if day <= 28:
                month = MONTHS[int(sent[5:7]) - 1]
                yield f"+ {day} {month} for {sent[:10]}", replaced(line, (link.end(), link.end()), f" on {day} {month}")

    def not_(self, line):
        found = [m for m in QUOTE.finditer(line) if re.search(r"\bnot\b|n['’]t\b", m[1]) and len(m[1].split()) > 4]
        for m in self.rng.sample(found, len(found)):
            new = re.sub(r" not\b|\bnot |n['’]t\b", "", m[1], count=1)
            # A "not" at an end leaves a shorter quotation that is right.
            if new != m[1] and m[1].startswith(new[:4]) and m[1].endswith(new[-4:]):
                yield f"“{m[1]}” -> “{new}”", replaced(line, m.span(1), new)
        # Another sentence of the same mail, without its "not".
        for m in re.finditer(r"\[“([^“”]+)”\]\((https?://[^)\s]+)\)", line):
            text = " ".join(self.show.text(id_of(m[2])).split())
            pattern = r"(?<=[.!?] )[A-Z][a-z]+ [\w ,']{10,120} not [\w ,']{10,120}(?=\.)"
            whole = re.findall(pattern, text)
            whole = [s for s in whole if s.count(" not ") == 1 and s.replace(" not ", " ") not in text]
            if whole and len(m[1].split()) > 6:
                words = self.rng.choice(whole)
                yield f"“{words}”", replaced(line, m.span(1), words.replace(" not ", " "))

    def joined(self, line):
        found = [m for m in QUOTE.finditer(line) if len(m[1].split()) >= 8]
        for m in self.rng.sample(found, len(found)):
            other = [q for _, q in self.quotes if q != m[1]]
            if other:
                a, b = m[1].split(), self.rng.choice(other).split()
                cut = self.rng.randint(4, len(a) - 3)
                tail = b[-self.rng.randint(4, len(b) - 3):]
                mark = self.rng.choice([[], ["…"], ["[…]"]])
                if mark and self.is_cut(line, a[:cut], tail):
                    continue
                new = " ".join(a[:cut] + mark + tail)
                yield f"“{new}”", replaced(line, m.span(1), new)

    def is_cut(self, line, head, tail):
        """Whether words and later words of one mail are joined by a mark: no mistake."""
        plain = lambda text: " ".join(re.sub(r"\[[^\]]*\]|\\\\", " ", text).split())
        head, tail = plain(" ".join(head)), plain(" ".join(tail))
        for m in LINK.finditer(line):
            text = plain(self.show.text(id_of(m[1])))
            if head in text and tail in text[text.index(head):]:
                return True
        return False

    def wrong_id(self, line):
        found = list(LINK.finditer(line))
        for m in self.rng.sample(found, len(found)):
            id = id_of(m[1])
            thread = self.show.rows.get(id, {}).get("thread_id")
            near = [i for i in self.show.threads.get(thread, []) if i != id]
            if near and self.rng.random() < 0.5:
                import urllib.parse
                url = "https://lore.kernel.org/r/" + urllib.parse.quote(self.rng.choice(near), safe="@+=.$_-") + "/"
            else:
                url = self.rng.choice([u for u in self.urls if u != m[1]])
            # The link, its words, and who is said to have written them.
            start = max(line.rfind("). ", 0, m.start()), line.rfind(".” ", 0, m.start()), line.rfind("”) ", 0, m.start()), -1) + 1
            yield f"{m[1]} -> {url}", replaced(line, m.span(1), url, (start, m.end()))


KINDS = {
    "one-letter name change": "name", "swapped speaker": "speaker", "version ±1": "version",
    "wrong release": "rc", "count": "count", "date": "date", "dropped not": "not_",
    "quotation joined across mails": "joined", "wrong message-id": "wrong_id",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("show")
    parser.add_argument("episodes", nargs="+")
    parser.add_argument("--lorecast", default="target/debug/lorecast")
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--each", type=int, default=20, help="mistakes of each kind in each episode")
    parser.add_argument("--missed", action="store_true", help="print every mistake that was not found")
    parser.add_argument("--kind", help="only this kind")
    parser.add_argument("--edited", action="store_true", help="edit the drafts as a producer would, first")
    options = parser.parse_intermixed_args()
    show = Show(options.show, options.lorecast)
    edit = edited if options.edited else list
    notes, clean = {}, {}
    for episode in options.episodes:
        notes[episode] = open(f"{options.show}/episodes/{episode}/notes.md").read()
        clean[episode] = show.check(episode, "\n".join(edit(notes[episode].split("\n"))))
    seeds = " ".join(map(str, options.seed))
    how = "edited" if options.edited else "as drafted"
    print(f"seeds {seeds}, episodes {' '.join(options.episodes)}, {how}; peer: nobody checks")
    print(f"{'injected':32} {'found':>9}  95 % interval")
    missed = []
    for kind, name in KINDS.items():
        if options.kind and options.kind not in (kind, name):
            continue
        done = found = 0
        for seed in options.seed:
            for episode in options.episodes:
                sites = chosen(show, notes[episode], name, f"{seed}/{kind}/{episode}", episode, options)
                done += len(sites)
                misses = unfound(show, episode, notes[episode].split("\n"), name, sites, edit)
                found += len(sites) - len(misses)
                missed += [(kind, seed, episode, at + 1, what, said) for at, what, said in misses]
        low, high = wilson(found, done)
        print(f"{kind:32} {found:4}/{done:<4}  {100 * low:.1f}-{100 * high:.1f} %", flush=True)
    print(f"{'false alarms, clean drafts':32}")
    exact = {"quotation", "quotation-source", "version"}
    for episode in options.episodes:
        rules = [f["rule"] for f in clean[episode]]
        on = sum(rule in exact for rule in rules)
        print(f"  {episode}: {on} on quotations and versions, {len(rules) - on} elsewhere {sorted(set(rules))}")
    if options.missed:
        for row in missed:
            print("missed:", *row)
        for episode in options.episodes:
            for f in clean[episode]:
                print("alarm:", episode, f.get("line"), f["rule"], f["message"])


def chosen(show, notes, name, seed, episode, options):
    """The mistakes to make: line, what is done, the line with it."""
    rng = random.Random(seed)
    lines = notes.split("\n")
    show.names = people(options.show, episode)
    injector = Injector(show, lines, rng)
    sites, seen = [], set()
    for at, line in enumerate(lines):
        if line and not line.startswith("#"):
            for what, new in getattr(injector, name)(line):
                if (at, new) not in seen:
                    seen.add((at, new))
                    sites.append((at, what, new))
    rng.shuffle(sites)
    return sites[: options.each]


def unfound(show, episode, lines, name, sites, edit):
    """The mistakes that no finding is about, with what is said of their lines instead."""
    misses = []
    while sites:
        # One mistake a line at a time, so that each is judged alone.
        batch, rest, taken = [], [], set()
        for site in sites:
            (rest if site[0] in taken else batch).append(site)
            taken.add(site[0])
        sites = rest
        text = list(lines)
        for at, _, new in batch:
            text[at] = new
        text, places = placed("\n".join(edit(text)))
        errors = show.check(episode, text)
        for (at, what, _), (start, end) in zip(sorted(batch), places):
            here = [f for f in errors if start <= (f.get("line", 0), f.get("column", 0)) < max(end, (start[0], start[1] + 1))]
            if not any(f["rule"] in RULES[name] for f in here):
                said = [f"{f['rule']}:{f['line']}:{f['column']}" for f in errors if f.get("line") and start[0] <= f["line"] <= end[0]]
                misses.append((at, what, said))
    return misses


main()
