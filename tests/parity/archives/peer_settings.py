"""The surroundings that peers.sh made for the peers, for the Python scripts here."""
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def environment(work):
    """The same variables as peer_environment.sh sets."""
    home = pathlib.Path(work).resolve() / "home"
    return os.environ | {
        "HOME": str(home),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "PI_CONFIG": str(home.parent / "pi-config"),
        "NOTMUCH_CONFIG": str(home.parent / "notmuch-config"),
        "PERL_INLINE_DIRECTORY": str(home / ".cache/public-inbox/inline-c"),
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
    }


def inboxes(work):
    """The folders of the public-inboxes that peers.sh indexed; ends the program without them."""
    found = sorted((pathlib.Path(work) / "pi").glob("*/"))
    if not found:
        sys.exit(f"no public-inbox index in {work}: run peers.sh first")
    return found


def needs(command, package):
    """Ends the program with status 2 when a command is not installed."""
    if not shutil.which(command):
        print(f"{command} is missing: install the Debian package {package}", file=sys.stderr)
        sys.exit(2)


def ask_public_inbox(work, task, queries=None):
    """The lines that public_inbox.pl prints about all inboxes."""
    needs("public-inbox-index", "public-inbox")
    command = ["perl", HERE / "public_inbox.pl", task, *inboxes(work)]
    lines = "".join(f"{query}\n" for query in queries) if queries else None
    return subprocess.run(command, input=lines, env=environment(work), check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
