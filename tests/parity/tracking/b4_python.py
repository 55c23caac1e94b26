"""Finds or makes the Python that has b4.

b4 (https://pypi.org/project/b4/) is the peer: a virtual environment with it is named by `--b4` or by the
environment variable B4; without either one is made beside the work, with this version. B4=none leaves b4 out.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

VERSION = "0.16.0"
HERE = pathlib.Path(__file__).resolve().parent


def find(named=None, work="."):
    """The path of a Python that can import b4, or None, and says why on standard error."""
    if (named or os.environ.get("B4")) == "none":
        print("SKIPPED b4: asked to", file=sys.stderr)
        return None
    folder = pathlib.Path(named or os.environ.get("B4") or pathlib.Path(work) / "b4venv")
    python = folder / "bin/python"
    if not python.exists():
        print(f"making a virtual environment with b4 {VERSION} in {folder}", file=sys.stderr)
        try:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", f"b4=={VERSION}"], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"SKIPPED b4: {error}", file=sys.stderr)
            return None
    return python


def ask(python, *arguments):
    """The lines that b4_side.py prints, each a JSON value; runs without the user's settings and without network."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home,
                       "XDG_DATA_HOME": home, "GIT_CONFIG_GLOBAL": "/dev/null", "PYTHONHASHSEED": "0"}
        command = [str(python), str(HERE / "b4_side.py"), *map(str, arguments)]
        output = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, cwd=home).stdout
    return [json.loads(line) for line in output.splitlines()]
