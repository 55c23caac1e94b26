#!/usr/bin/env python3
"""CPU time a page, beside public-inbox-httpd(1).

Usage: tests/parity/web/pages.py INBOX.git WORK LORECAST [RUNS]

Puts the mails of INBOX.git into public-inbox (v2, index level full, as its manual describes a mirror) and into a
show, once, below WORK. Starts `public-inbox-httpd -W0` and `lorecast serve` on loopback and asks each, over one
connection that stays open, for

  thread   the thread whose size is nearest to 29 mails and which holds the same mails in both (public-inbox:
           /INBOX/<id>/t/, which nests as ours does)
  search   the first 200 hits of a word that so many subjects have, newest first (both show 200 a page)

plain and with `Accept-Encoding: gzip`, and the thread once more as somebody who is signed in sees it, with a vote and words of
a dozen mails annotated; and before all that every thread of the archive once, as the first one after new mail came asks
for it: pages that everybody shares are kept by Lorecast until then. With a HyperKitty (see hyperkitty.py) in the environment variable HYPERKITTY, the thread is asked of
that as well, whose page takes two requests. Each page is asked for 20 times to warm up and RUNS times (300 when not
given) to count, in turns of 50 that alternate between the two servers. Prints for each server the CPU time of one
page (user and system of the process, its threads and children, from /proc), its bytes, and the factor between the
two. Needs Linux, git, Python 3, and Debian's public-inbox; LORECAST is a release build.
"""
import collections
import email
import email.policy
import gzip
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

import hyperkitty

WARM_UP, TURN = 20, 50
TICKS = os.sysconf("SC_CLK_TCK")


def run(command, **more):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **more)


def tree(root):
    """The process ids below and including a root: public-inbox reads git in children."""
    parents = collections.defaultdict(list)
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = pathlib.Path("/proc", entry, "stat").read_text(errors="replace")
            except OSError:
                continue
            parents[int(stat.rpartition(")")[2].split()[1])].append(int(entry))
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo += parents[pid]
    return found


def cpu(root):
    """Seconds of user and system time of a process, its threads and its children: to the nanosecond where the kernel
    tells (schedstat), else to the tick."""
    spent = 0.0
    for pid in tree(root):
        try:
            for task in pathlib.Path("/proc", str(pid), "task").iterdir():
                spent += int((task / "schedstat").read_text().split()[0]) / 1e9
        except (OSError, IndexError):
            fields = pathlib.Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()
            spent += sum(int(field) for field in fields[11:13]) / TICKS
    return spent


class Server:
    """A running server and one connection to it."""

    def __init__(self, name, process, port):
        self.name, self.process = name, process
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for _ in range(200):
            try:
                self.connection.connect()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"{name} does not listen")

    def ask(self, path, headers, may_fail=False):
        self.connection.request("GET", path, headers=headers)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != 200 and may_fail:
            return None
        if answer.status != 200:
            raise SystemExit(f"{self.name} answers {answer.status} to {path}")
        return body

    def turn(self, paths, headers, times):
        before = cpu(self.process.pid)
        for _ in range(times):
            for path in paths:
                self.ask(path, headers)
        return cpu(self.process.pid) - before

    def post(self, path, form, cookie=""):
        """The answer to a form and its cookie, if it sets one."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Cookie": cookie}
        self.connection.request("POST", path, urllib.parse.urlencode(form), headers)
        answer = self.connection.getresponse()
        answer.read()
        return answer.status, (answer.getheader("Set-Cookie") or "").split(";")[0]


def public_inbox(epoch, work):
    """public-inbox with the inbox `list`, indexed once."""
    inbox, config = work / "pi" / "list", work / "pi-config"
    env = {**os.environ, "HOME": str(work), "PI_CONFIG": str(config), "LC_ALL": "C.UTF-8", "GIT_CONFIG_GLOBAL": "/dev/null"}
    if not (work / "pi-done").exists():
        inbox.parent.mkdir(parents=True, exist_ok=True)
        run(["git", "clone", "--quiet", "--mirror", epoch, inbox / "git" / "0.git"], env=env)
        run(["public-inbox-init", "-V2", "-L", "full", "list", inbox, "http://127.0.0.1/list", "list@list.example"], env=env)
        run(["public-inbox-index", "--jobs=0", inbox], env=env, stderr=subprocess.DEVNULL)
        (work / "pi-done").touch()
    port = free_port()
    command = ["public-inbox-httpd", "-W0", "-l", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Server("public-inbox", process, port)


def lorecast(epoch, work, program):
    """`lorecast serve` on a show that holds the same mails."""
    show = work / "show"
    if not show.exists():
        run([program, "init", show, "--title", "Parity", "--author", "Nobody"], stderr=subprocess.DEVNULL)
        run([program, "ingest", "--show", show, epoch], stderr=subprocess.DEVNULL)
    port = free_port()
    command = [program, "serve", "--show", show, "--port", str(port)]
    return Server("lorecast", subprocess.Popen(command, stdout=subprocess.DEVNULL), port), show


def free_port():
    import socket

    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def mails(server, path):
    """The Message-IDs of an mbox, sorted; nothing when there is none."""
    packed = server.ask(path, {}, may_fail=True)
    text = gzip.decompress(packed).decode(errors="replace") if packed else ""
    heads = (mail.split("\n\n")[0] for mail in text.split("From mboxrd@z Thu Jan  1 00:00:00 1970\n")[1:])
    return sorted(found.group(1) for head in heads for found in [re.search(r"(?im)^message-id:\s*(\S+)", head)] if found)


def is_same(thread, ours, theirs):
    path = urllib.parse.quote(thread, safe="@")
    known = mails(ours, f"/{path}/t.mbox.gz")
    return bool(known) and known == mails(theirs, f"/list/{path}/t.mbox.gz")


def sign_in(ours, program, show):
    """The cookie of somebody who may do everything, and the token of their forms."""
    link = subprocess.run([program, "serve", "--sign-in", "--show", show], check=True, stdout=subprocess.PIPE, text=True).stdout
    _, cookie = ours.post("/enter/" + link.strip().rsplit("/", 1)[1], {"name": "Reader"})
    page = ours.ask("/me/", {"Cookie": cookie}).decode()
    return cookie, re.search(r'name="token" value="([^"]+)"', page).group(1)


def take_part(ours, cookie, token, thread, ids):
    """Votes for a thread, and annotates words of a dozen of its mails. Returns how many."""
    path = urllib.parse.quote(thread, safe="@")
    ours.post(f"/stories/{path}/vote", {"token": token, "ballot": "for"}, cookie)
    done = 0
    for name in ids:
        path = urllib.parse.quote(name.strip("<>"), safe="@")
        mail = email.message_from_bytes(ours.ask(f"/{path}/raw", {}), policy=email.policy.default)
        body = mail.get_body(("plain",))
        lines = body.get_content().splitlines() if body else []
        words = next((line for line in lines if len(line) > 30 and line[0].isalpha()), None)
        form = {"token": token, "exact": words, "prefix": "", "suffix": "", "text": "Worth a story."}
        done += bool(words) and ours.post(f"/{path}/annotate", form, cookie)[0] == 303
        if done == 12:
            break
    return done


def export(program, show, table):
    command = [program, "export", table, "--show", show, "--format", "jsonl"]
    return [json.loads(row) for row in subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()]


def once(server, paths):
    """Milliseconds of CPU and bytes of one of these pages."""
    before = cpu(server.process.pid)
    sizes = [len(server.ask(path, {})) for path in paths]
    return 1000 * (cpu(server.process.pid) - before) / len(paths), sum(sizes) // len(paths)


def show_row(name, mine, its, peer):
    factor = its[0] / mine[0] if mine[0] else float("inf")
    print(f"{name:42} {mine[0]:9.3f} {mine[1]:9} {peer.name:>13} {its[0]:9.3f} {its[1]:9} {factor:6.1f}x", flush=True)


def main():
    if len(sys.argv) not in (4, 5):
        print(__doc__, file=sys.stderr)
        return 2
    epoch, work, program = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), sys.argv[3]
    runs = int(sys.argv[4]) if len(sys.argv) == 5 else 300
    work.mkdir(parents=True, exist_ok=True)
    (ours, show), theirs = lorecast(epoch, work, program), public_inbox(epoch, work)
    servers = [ours, theirs]
    try:
        threads = export(program, show, "threads")
        threads.sort(key=lambda row: (abs(row["messages"] - 29), row["thread_id"]))
        thread = next(row for row in threads if is_same(row["thread_id"], ours, theirs))
        subjects = [row["subject"].lower() for row in export(program, show, "messages")]
        counts = collections.Counter(word for subject in subjects for word in set(re.findall(r"\b[a-z]{4,}\b", subject)))
        word = min(counts, key=lambda word: (counts[word] < 200, abs(counts[word] - 200), word))
        query = urllib.parse.quote(f's:"{word}"')
        path = urllib.parse.quote(thread["thread_id"], safe="@")
        cookie, token = sign_in(ours, program, show)
        ids = mails(ours, f"/{path}/t.mbox.gz")
        notes = take_part(ours, cookie, token, thread["thread_id"], ids)
        if notes < 5:
            raise SystemExit(f"only {notes} mails could be annotated")
        mine, its = [f"/{path}/t/"], [f"/list/{path}/t/"]
        name = f"thread of {thread['messages']} mails"
        packed = {"Accept-Encoding": "gzip"}
        rows = [
            (name, {}, mine, theirs, its),
            (f"{name}, gzip", packed, mine, theirs, its),
            (f"{name}, signed in, {notes} notes", {"Cookie": cookie}, mine, theirs, its),
            ("search, 200 hits", {}, [f"/search?q={query}"], theirs, [f"/list/?q={query}"]),
            ("search, 200 hits, gzip", packed, [f"/search?q={query}"], theirs, [f"/list/?q={query}"]),
        ]
        if "HYPERKITTY" in os.environ:
            mbox = work / "thread.mbox"
            mbox.write_bytes(gzip.decompress(ours.ask(f"/{path}/t.mbox.gz", {})))
            port = free_port()
            other = Server("HyperKitty", hyperkitty.start(mbox, work, port), port)
            servers.append(other)
            rows.append((f"{name}, signed in, {notes} notes", {"Cookie": cookie}, mine, other, hyperkitty.thread(thread["thread_id"])))
        print(f"{len(subjects)} mails, {runs} runs; milliseconds of CPU and bytes a page; search for {urllib.parse.unquote(query)}")
        print(f"{'':42} {'lorecast':>9} {'bytes':>9} {'peer':>13} {'':>9} {'bytes':>9} {'factor':>7}")
        paths = [urllib.parse.quote(row["thread_id"], safe="@") for row in threads]
        paths = [path for path in paths if theirs.ask(f"/list/{path}/t/", {}, may_fail=True)]
        firsts = (once(server, [start + f"{path}/t/" for path in paths]) for server, start in [(ours, "/"), (theirs, "/list/")])
        show_row(f"each of {len(paths)} threads, once", *firsts, theirs)
        for name, headers, mine, peer, its in rows:
            sides = [(ours, mine, headers), (peer, its, {key: headers[key] for key in headers if key != "Cookie"})]
            sizes = [sum(len(server.ask(path, headers)) for path in paths) for server, paths, headers in sides]
            spent = [0.0, 0.0]
            for server, paths, headers in sides:
                server.turn(paths, headers, WARM_UP)
            for _ in range(max(1, runs // TURN)):
                for side, (server, paths, headers) in enumerate(sides):
                    spent[side] += server.turn(paths, headers, TURN)
            count = TURN * max(1, runs // TURN)
            show_row(name, *((1000 * total / count, size) for total, size in zip(spent, sizes)), peer)
    finally:
        for server in servers:
            server.process.terminate()
            server.process.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
