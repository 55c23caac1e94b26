#!/usr/bin/env python3
"""Drives two servers of one show that share no disk: see nodes.sh, which starts this.

Usage: tests/parity/web/nodes.py LORECAST S3S-FS DATABASE WORK ROUNDS
"""
import hashlib
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.parse
import wave

DEMO = "2025-06-22"
TAKE = "topics"
KEYS = {"AWS_ACCESS_KEY_ID": "someone", "AWS_SECRET_ACCESS_KEY": "some-secret", "AWS_REGION": "us-east-1"}
lorecast, s3s, database, work, rounds = *sys.argv[1:4], pathlib.Path(sys.argv[4]), int(sys.argv[5])
faults = []


def check(is_so, what):
    """Notes what is not as it should be."""
    if not is_so:
        faults.append(what)
        print(f"  WRONG: {what}", flush=True)


def wait(what, is_so, patience=120):
    """How many seconds it takes until something is so."""
    began = time.monotonic()
    while not is_so():
        if time.monotonic() - began > patience:
            check(False, f"{what}: not within {patience} s")
            break
        time.sleep(0.02)
    return time.monotonic() - began


def told(what, seconds):
    """Prints how long something took, each time."""
    seconds = sorted(seconds)
    if seconds:
        print(
            f"{what}: n={len(seconds)}, median {statistics.median(seconds):.2f} s, longest {seconds[-1]:.2f} s",
            flush=True,
        )


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Storage:
    """A real server of S3."""

    def __init__(self):
        self.port, self.folder, self.process = free_port(), work / "s3", None
        (self.folder / "casts").mkdir(parents=True)
        self.start()

    def start(self):
        keys = ["--access-key", KEYS["AWS_ACCESS_KEY_ID"], "--secret-key", KEYS["AWS_SECRET_ACCESS_KEY"]]
        command = [s3s, *keys, "--host", "127.0.0.1", "--port", str(self.port), str(self.folder)]
        self.process = subprocess.Popen(command, stdout=open(work / "s3.log", "ab"), stderr=subprocess.STDOUT)
        wait("the storage", self.answers)

    def answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def stop(self):
        self.process.kill()
        self.process.wait()


class Node:
    """A server with a folder of its own."""

    cookie = token = ""

    def __init__(self, name, storage):
        self.root, self.name, self.process, self.port = work / name / "show", name, None, 0
        self.root.parent.mkdir()
        shutil.copytree(work / "demo", self.root)
        with open(self.root / "show.yaml", "a", encoding="utf-8") as yaml:
            yaml.write(f"\nstore: {database}\n")
            yaml.write(f'media: {{to: "s3://casts/media", endpoint: "http://127.0.0.1:{storage.port}"}}\n')

    def run(self, *args):
        return subprocess.run(
            [lorecast, *args, "--show", self.root], env={**os.environ, **KEYS}, capture_output=True, text=True, check=True
        ).stdout

    def start(self):
        log = open(work / f"{self.name}.log", "ab")
        command = [lorecast, "serve", "--show", self.root, "--port", "0"]
        self.process = subprocess.Popen(command, env={**os.environ, **KEYS}, stdout=subprocess.PIPE, stderr=log, text=True)
        self.port = int(self.process.stdout.readline().split("://")[1].split("/")[0].split(":")[1])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ask(self, method, path, body=b"", kind="application/x-www-form-urlencoded"):
        """The status and the bytes of an answer; None when there is none."""
        there = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            headers = {"Cookie": Node.cookie, "Sec-Fetch-Site": "same-origin", "Content-Type": kind}
            there.request(method, path, body, headers)
            answer = there.getresponse()
            return answer.status, answer.read(), answer.headers
        except (OSError, http.client.HTTPException):
            return None, b"", {}
        finally:
            there.close()

    def post(self, path, **fields):
        form = urllib.parse.urlencode({"token": Node.token, **fields})
        return self.ask("POST", path, form.encode())

    def send(self, recording):
        """Sends a recording as a form does: whether it was acknowledged, and what was said."""
        head = ""
        for name, value in (("token", Node.token), ("take", TAKE)):
            head += f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        head += '--x\r\nContent-Disposition: form-data; name="recording"; filename="a"\r\n\r\n'
        body = head.encode() + recording + b"\r\n--x--\r\n"
        status, text, _ = self.ask("POST", f"/produce/{DEMO}/takes", body, "multipart/form-data; boundary=x")
        return status, text.decode(errors="replace")

    def jobs(self):
        """The jobs of the episode, the latest first."""
        there = socket.create_connection(("127.0.0.1", self.port), 60)
        request = f"GET /produce/{DEMO}/sound/events HTTP/1.1\r\nHost: x\r\nCookie: {Node.cookie}\r\n\r\n"
        there.sendall(request.encode())
        with there.makefile("rb") as lines:
            for line in lines:
                if line.startswith(b"data: "):
                    there.close()
                    return json.loads(line[6:])
        raise OSError("nothing was told")

    def master(self):
        """Asks for a master, and waits for its end: the job, and how long it took."""
        status, text, _ = self.post(f"/produce/{DEMO}/master")
        check(status == 303, f"a master is asked for: {status} {text[-300:]}")

    def hears(self, path):
        status, sound, _ = self.ask("GET", path)
        return digest(sound) if status == 200 else None

    def file(self, name):
        return self.root / "episodes" / DEMO / name

    def files(self):
        """What every episode's folder holds."""
        found = {}
        for path in (self.root / "episodes").rglob("*"):
            name = path.name
            if path.is_file() and name != "master.wav" and not name.endswith(".part") and not name.startswith("."):
                found[str(path.relative_to(self.root))] = digest(path.read_bytes())
        return found

    def work_done(self):
        """The time that it has worked, in hundredths of a second."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])


def digest(some):
    return hashlib.sha256(some).hexdigest()


def recording(seconds, nth):
    """Noise that nobody else sends."""
    path = work / "noise.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 48000, 0, "NONE", ""))
        sound.writeframes(random.Random(nth).randbytes(2 * 48000 * seconds))
    return path.read_bytes()


def same(one, other):
    return one.files() == other.files()


def begins(one, other):
    one.start()
    link = one.run("serve", "--sign-in").strip()
    path = urllib.parse.urlparse(link).path
    one.ask("GET", path)
    _, _, headers = one.ask("POST", path, b"name=Olga")
    Node.cookie = headers["set-cookie"].split(";")[0]
    _, page, _ = one.ask("GET", "/me/")
    Node.token = page.decode().split('name="token" value="')[1].split('"')[0]
    # The first one gives out what it has; the second one begins with nothing.
    one.run("script", DEMO)
    shutil.rmtree(other.root / "episodes")
    other.start()
    took = wait("a server without episodes has them all", lambda: same(one, other))
    size = sum((one.root / name).stat().st_size for name in one.files())
    print(f"a server that begins with nothing has {len(one.files())} files, {size / 1e6:.1f} MB: {took:.2f} s", flush=True)


def notes_at_once(nodes):
    nodes[0].file("notes.md").write_text("# T\n\nFirst.\n\nLast.\n", encoding="utf-8")
    wait("the notes are there", lambda: same(*nodes))
    took, spread = [], []
    for nth in range(rounds):
        base = nodes[0].file("notes.md").read_text(encoding="utf-8")
        texts = [base.replace("First", f"First {nth}"), base.replace("Last", f"Last {nth}")]

        def save(node, text):
            began = time.monotonic()
            status, said, _ = node.post(f"/produce/{DEMO}/notes", base=base, text=text)
            took.append(time.monotonic() - began)
            check(status == 303, f"notes are saved: {status} {said[-300:]}")

        both(lambda: save(nodes[0], texts[0]), lambda: save(nodes[1], texts[1]))
        wanted = base.replace("First", f"First {nth}").replace("Last", f"Last {nth}")
        has = lambda node: node.file("notes.md").read_text(encoding="utf-8") == wanted
        spread.append(wait("both have what both wrote", lambda: all(has(node) for node in nodes)))
    told("notes saved by both at the same time, acknowledged after", took)
    told("both have both", spread)


def both(one, other):
    threads = [threading.Thread(target=one), threading.Thread(target=other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def takes(nodes):
    took, heard = [], []
    for nth in range(rounds):
        here, there = nodes[nth % 2], nodes[1 - nth % 2]
        sound = recording(30 if nth % 3 else 120, nth)
        began = time.monotonic()
        status, said = here.send(sound)
        took.append(time.monotonic() - began)
        check(status == 303, f"a take is sent: {status} {said[-300:]}")
        if status == 303:
            heard.append(wait("a take is heard there", lambda: holds(there, sound)))
    told("takes of 2.9 and 11.5 MB, acknowledged after", took)
    told("heard at the other one", heard)


def holds(node, sound):
    """Whether a server plays a recording."""
    folder = node.file("takes")
    sizes = (path for path in folder.iterdir() if path.is_file() and path.stat().st_size == len(sound))
    return any(node.hears(f"/produce/{DEMO}/takes/{path.name}") == digest(sound) for path in sizes)


def ends(node, number):
    """Waits for the end of a job."""
    found = {}

    def is_over():
        try:
            found["job"] = next(job for job in node.jobs() if job["id"] == number)
        except (OSError, StopIteration):
            return False
        return found["job"]["over"]

    return wait(f"job {number} ends", is_over, 300), found.get("job", {})


def masters(nodes):
    took, spread = [], []
    for nth in range(rounds):
        here, there = nodes[nth % 2], nodes[1 - nth % 2]
        here.send(recording(30, 1000 + nth))
        here.master()
        seconds, job = ends(here, here.jobs()[0]["id"])
        took.append(seconds)
        check(job.get("state") == "done" and job.get("tries") == 1, f"a master is made once: {job}")
        same_sound = lambda: here.hears(f"/produce/{DEMO}/master.mp3") == there.hears(f"/produce/{DEMO}/master.mp3")
        spread.append(wait("both play the same master", lambda: same_sound() and same(here, there)))
    told("masters made by whichever server, each by one alone", took)
    told("both play it", spread)


def killed_at_work(nodes):
    took, killed = [], 0
    for nth in range(rounds):
        nodes[nth % 2].send(recording(120, 2000 + nth))
        nodes[nth % 2].master()
        number = nodes[nth % 2].jobs()[0]["id"]
        wait("it is at work", lambda: nodes[0].jobs()[0]["state"] != "waiting")
        before = [node.work_done() for node in nodes]
        time.sleep(random.Random(nth).uniform(0.2, 0.9))
        more = [node.work_done() - was for node, was in zip(nodes, before)]
        busy, other = (nodes[0], nodes[1]) if more[0] > more[1] else (nodes[1], nodes[0])
        began = time.monotonic()
        busy.kill()
        _, job = ends(other, number)
        took.append(time.monotonic() - began)
        killed += job.get("tries") == 2
        check(job.get("state") == "done", f"a master is made though its server was killed: {job}")
        busy.start()
        wait("both play the same master again", lambda: same(*nodes))
    print(f"killed -9 at work: {killed} of {rounds} in the middle of the job, all done by the other one", flush=True)
    told("done after the kill", took)


def killed_while_sent(nodes):
    acknowledged, refused = [], 0
    for nth in range(rounds):
        here, there = nodes[nth % 2], nodes[1 - nth % 2]
        sound, said = recording(60, 3000 + nth), []
        sender = threading.Thread(target=lambda: said.append(here.send(sound)[0]))
        sender.start()
        time.sleep(random.Random(nth).uniform(0.02, 0.4))
        here.kill()
        sender.join()
        if said == [303]:
            acknowledged.append(sound)
        else:
            refused += 1
        # Whatever happens to its disk.
        if said == [303]:
            wait("what was acknowledged is at the other one", lambda: holds(there, sound))
        here.start()
    wait("both have the same", lambda: same(*nodes))
    lost = [sound for sound in acknowledged if not all(holds(node, sound) for node in nodes)]
    check(not lost, f"{len(lost)} takes are lost")
    print(f"killed -9 while a take came: {len(acknowledged)} acknowledged, {refused} not, {len(lost)} lost", flush=True)


def without_storage(nodes, storage):
    storage.stop()
    took = []
    for nth, node in enumerate(nodes):
        began = time.monotonic()
        status, said = node.send(recording(5, 4000 + nth))
        took.append(time.monotonic() - began)
        check(status is not None and status >= 500, f"a take is refused while the storage is away: {status} {said[-300:]}")
        check(node.ask("GET", f"/produce/{DEMO}/sound")[0] == 200, "pages are read while the storage is away")
    storage.start()
    told("a take is refused while the storage is away, after", took)
    sound = recording(5, 4100)
    began = time.monotonic()
    check(nodes[0].send(sound)[0] == 303, "a take is taken once the storage is back")
    wait("it is heard at the other one", lambda: holds(nodes[1], sound))
    print(f"the storage is back: a take is sent to one and heard at the other: {time.monotonic() - began:.2f} s", flush=True)


subprocess.run([lorecast, "demo", "--out", work / "demo"], check=True, capture_output=True)
storage = Storage()
nodes = [Node("a", storage), Node("b", storage)]
try:
    begins(*nodes)
    notes_at_once(nodes)
    takes(nodes)
    masters(nodes)
    killed_at_work(nodes)
    killed_while_sent(nodes)
    without_storage(nodes, storage)
    wait("at the end both have the same", lambda: same(*nodes))
    print(f"at the end {len(nodes[0].files())} files are the same on both", flush=True)
finally:
    for process in [*(node.process for node in nodes), storage.process]:
        if process:
            process.kill()
for log in ("a.log", "b.log"):
    lines = (work / log).read_text(errors="replace").splitlines()
    odd = {line.split("lorecast", 1)[-1][:200] for line in lines if " ERROR " in line or "panicked" in line}
    for line in sorted(odd)[:6]:
        print(f"{log}: {line}")
sys.exit(1 if faults else 0)
