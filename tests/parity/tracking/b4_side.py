"""What b4 says, asked through its own Python functions; runs with a Python that has b4 (b4_python.py starts it).

  b4_side.py group MAILS TRUTH/grouping.tsv [--without-covers]
      for each batch: the ids that the series of the batch's first held mail has, as `b4 am` reads a thread:
      the strict thread of that mail, then one series for each revision. MAILS is a folder of *.git or *.mbox.
  b4_side.py versions MAILS TRUTH/versions.tsv
      for each pair: the root of the older revision that b4 finds from the newer root: a series of that
      revision in the same thread, or what get_extra_series() finds by change-id, else by equal subject and
      sender, within the twelve months before. Its search at lore is answered from MAILS, full threads as there.
  b4_side.py mailboxes FILE…
      for each mbox the series that b4 sees in all of it: revision, patches, has_cover.
  b4_side.py trailers MAILS TRUTH/trailers.tsv
      for each trailer whose mails are held: whether b4 collects it for that patch, or for all of its series,
      from the thread; by key, and by address or name.
  b4_side.py speed MAILS THREADS
      seconds for add_message() and get_series() over so many threads, mails parsed by Python's email before,
      and the number of mails. The threads are the first ones by date that hold a posting.

Prints JSON lines.
"""
import email
import email.parser
import json
import logging
import pathlib
import re
import sys
import time
from email.message import EmailMessage

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import b4  # noqa: E402
import b4.mbox  # noqa: E402
import figures  # noqa: E402
import mailstore  # noqa: E402

b4.can_network = False
logging.disable(logging.CRITICAL)


def parsed(raw):
    return email.parser.BytesParser(policy=b4.emlpolicy, _class=EmailMessage).parsebytes(raw)


class Archive:
    """MAILS as b4 wants them."""

    def __init__(self, folder):
        self.mails = mailstore.Mails(folder)
        self.threads = self.mails.threads()
        self._parsed = {}

    def message(self, mid):
        if mid not in self._parsed:
            if len(self._parsed) > 5000:
                self._parsed.clear()
            self._parsed[mid] = parsed(self.mails.raw(mid))
        return self._parsed[mid]

    def thread(self, mid):
        return [self.message(mail.id) for mail in self.threads[mid]]


def mailbox(messages):
    box = b4.LoreMailbox()
    for message in messages:
        box.add_message(message)
    return box


def series(box):
    """All series of a mailbox, by revision; one that b4 cannot read is left out."""
    found = {}
    for revision in sorted(box.series):
        try:
            one = box.get_series(revision, sloppytrailers=False, codereview_trailers=False)
        except Exception as error:  # noqa: BLE001 - what b4 trips over is b4's answer
            print(f"b4: {error!r}", file=sys.stderr)
            continue
        if one is not None:
            found[revision] = one
    return found


def ids(one):
    return [patch.msgid for patch in one.patches if patch is not None]


def group(folder, truth, without_covers):
    archive = Archive(folder)
    for row in figures.table(truth):
        wanted = [mid for mid in row["msgids"].split() if mid in archive.mails]
        if without_covers:
            wanted = [mid for mid in wanted if not archive.mails[mid].is_cover()]
        if not wanted:
            continue
        try:
            messages = b4.get_strict_thread(archive.thread(wanted[0]), wanted[0]) or []
            found = [ids(one) for one in series(mailbox(messages)).values()]
        except Exception as error:  # noqa: BLE001
            print(f"b4: {wanted[0]}: {error!r}", file=sys.stderr)
            found = []
        print(json.dumps({"batch": row["batch"], "found": found}))


class Search:
    """Answers the one form of query that get_extra_series() asks."""

    def __init__(self, archive):
        self.archive = archive
        self.by_sender = {}
        for mail in archive.mails.order:
            self.by_sender.setdefault(mail.sender, []).append(mail)
        self._change_ids = None

    def change_ids(self):
        """Mails by the change-ids that they mention outside quotations, as lore's `nq:` finds them."""
        if self._change_ids is None:
            self._change_ids = {}
            for mail in self.archive.mails.order:
                raw = self.archive.mails.raw(mail.id)
                if b"change-id" in raw.lower():
                    for found in re.findall(rb"^[^>\n]*change-id:\s*(\S+?)(?::v\d+)?\s*$", raw, re.I | re.M):
                        self._change_ids.setdefault(found.decode("utf-8", "replace").lower(), []).append(mail)
        return self._change_ids

    def __call__(self, query, nocache=False, message=None, full_threads=True):
        after, before = re.search(r"d:(\d*)\.\.(\d*)", query).groups()
        hits = []
        for change_id in re.findall(r'nq:"change-id: ([^"]*)"', query):
            hits += self.change_ids().get(change_id.lower(), [])
        for subject, sender in re.findall(r's:"([^"]*)" AND f:"([^"]*)"', query):
            phrase = words(subject)
            hits += [mail for mail in self.by_sender.get(sender.lower(), []) if phrase in words(mail.subject)]
        day = lambda mail: time.strftime("%Y%m%d", time.gmtime(mail.date))
        hits = [mail for mail in hits if (not after or day(mail) >= after) and (not before or day(mail) <= before)]
        threads = {id(self.archive.threads[mail.id]): self.archive.threads[mail.id] for mail in hits}
        return [self.archive.message(mail.id) for thread in threads.values() for mail in thread] or None


def words(text):
    return " " + " ".join(re.findall(r"\w+", text.lower())) + " "


def versions(folder, truth):
    archive = Archive(folder)
    search = Search(archive)
    b4.get_pi_search_results = search
    for row in figures.table(truth):
        newer, older = row["newer_root_msgid"], row["older_root_msgid"]
        if newer not in archive.mails or older not in archive.mails:
            continue
        wanted = int(row["older_version"])
        try:
            messages = b4.get_strict_thread(archive.thread(newer), newer) or []
            found = series(mailbox(messages)).get(wanted)
            if found is None:
                messages = b4.mbox.get_extra_series(messages, direction=-1, wantvers=[wanted], nocache=True)
                found = series(mailbox(messages)).get(wanted)
        except Exception as error:  # noqa: BLE001
            print(f"b4: {newer}: {error!r}", file=sys.stderr)
            found = None
        print(json.dumps({"newer": newer, "found": ids(found) if found else []}))


def mailboxes(files):
    for name in files:
        raw = pathlib.Path(name).read_bytes()
        if not raw.startswith(b"From "):
            raw = b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + raw
        found = series(mailbox(b4.mailsplit_bytes(raw)))
        print(json.dumps({"file": pathlib.Path(name).name, "series": [
            [revision, sum(patch is not None for patch in one.patches[1:]), one.has_cover] for revision, one in found.items()]}))


def trailers(folder, truth):
    archive = Archive(folder)
    for row in figures.table(truth):
        posted, answer, key = row["patch_msgid"], row["reply_msgid"], row["trailer"]
        if posted not in archive.mails or answer not in archive.mails:
            continue
        found = []
        try:
            box = mailbox(archive.thread(posted))
            one = box.get_series(box.msgid_map[posted].revision, sloppytrailers=False, codereview_trailers=False)
            patches = [patch for patch in one.patches if patch and (patch.msgid == posted or patch is one.patches[0])]
            found = [trailer for patch in patches for trailer in patch.followup_trailers if trailer.addr]
        except Exception as error:  # noqa: BLE001
            print(f"b4: {posted}: {error!r}", file=sys.stderr)
        name, address = b4.LoreTrailer(name=key, value=row["value_in_commit"]).addr or ("", "")
        same = [one for one in found if one.lname == key and (one.email_eq(address) or one.addr[0].lower() == name.lower())]
        print(json.dumps({"patch": posted, "trailer": key, "value": row["value_in_commit"], "found": bool(same)}))


def speed(folder, count):
    archive = Archive(folder)
    chosen, seen = [], set()
    for mail in archive.mails.order:
        thread = archive.threads[mail.id]
        if mail.posting and id(thread) not in seen:
            seen.add(id(thread))
            chosen.append([parsed(archive.mails.raw(one.id)) for one in thread])
            if len(chosen) == count:
                break
    start = time.perf_counter()
    for messages in chosen:
        series(mailbox(messages))
    print(json.dumps({"mails": sum(map(len, chosen)), "seconds": time.perf_counter() - start}))


def main():
    task, *rest = sys.argv[1:]
    if task == "group":
        group(rest[0], rest[1], "--without-covers" in rest)
    elif task == "versions":
        versions(rest[0], rest[1])
    elif task == "mailboxes":
        mailboxes(rest)
    elif task == "trailers":
        trailers(rest[0], rest[1])
    elif task == "speed":
        speed(rest[0], int(rest[1]))
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
