"""Mails out of bare public inboxes, and episodes of a show: what the scripts of this folder share."""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tracking"))
import figures  # noqa: E402


def mails(mirror):
    """The raw mails of one inbox."""
    revs = subprocess.run(["git", "-C", mirror, "rev-list", "--all"], capture_output=True, text=True,
                          check=True).stdout.split()
    asked = "".join(f"{rev}:m\n" for rev in revs).encode()
    out = subprocess.run(["git", "-C", mirror, "cat-file", "--batch"], input=asked,
                         capture_output=True, check=True).stdout
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        head = out[at:end].split()
        at = end + 1
        if head[-1] != b"missing":
            yield out[at:at + int(head[2])]
            at += int(head[2]) + 1


def by_id(folder, wanted):
    """id -> the raw mail, of those that are wanted."""
    found = {}
    for mirror in sorted(figures.needed(folder).glob("*.git")):
        for raw in mails(mirror):
            head = raw.split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0]
            named = re.search(rb"(?im)^message-id:\s*<([^>\s]+)>", head)
            if named and (name := named.group(1).decode("utf-8", "replace")) in wanted:
                found.setdefault(name, raw)
    return found


def episode(show, day):
    """`episode.yaml` as Python reads it."""
    try:
        import yaml
    except ImportError:
        print("SKIPPED: install PyYAML (python3-yaml)", file=sys.stderr)
        sys.exit(0)
    return yaml.safe_load((pathlib.Path(show) / "episodes" / day / "episode.yaml").read_text())
