"""HyperKitty as a peer of `pages.py`: set up once below a folder, with the mails of a show.

Needs a virtual environment with HyperKitty, Whoosh and gunicorn (`pip install HyperKitty gunicorn whoosh`), whose folder the
environment variable HYPERKITTY names. It runs as its manual describes, with one worker, SQLite, no debugging, compiled style sheets
and templates kept in memory; its search is left out, because a thread page asks nothing of it.
"""
import base64
import hashlib
import os
import pathlib
import subprocess

LIST = "list@list.example"

SETTINGS = """
from hyperkitty.tests.settings_test import *
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "%(work)s/hyperkitty.db"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"
STATIC_ROOT = "%(work)s/static"
ALLOWED_HOSTS = ["*"]
LOGGING = {"version": 1}
TESTING = False
"""


def start(mbox, work, port):
    """Imports an mbox once and starts the server. Returns the process."""
    env = os.environ["HYPERKITTY"]
    work = pathlib.Path(work)
    settings = work / "hyperkitty_settings.py"
    variables = {**os.environ, "PYTHONPATH": str(work), "DJANGO_SETTINGS_MODULE": settings.stem}

    def manage(*command):
        subprocess.run([f"{env}/bin/django-admin", *command], check=True, env=variables, stdout=subprocess.DEVNULL)

    if not (work / "hyperkitty-done").exists():
        settings.write_text(SETTINGS % {"work": work})
        manage("migrate")
        manage("hyperkitty_import", "--list-address", LIST, "--no-sync-mailman", str(mbox))
        (work / "hyperkitty-done").touch()
    wsgi = "django.core.wsgi:get_wsgi_application()"
    command = [f"{env}/bin/gunicorn", "--workers", "1", "--bind", f"127.0.0.1:{port}", "--keep-alive", "60", "--worker-class", "gthread", wsgi]
    return subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def thread(message_id):
    """The two addresses that a browser asks for to show a thread that begins with this mail: the page, and the replies that
    its script puts there."""
    name = base64.b32encode(hashlib.sha1(message_id.encode()).digest()).decode()
    return [f"/list/{LIST}/thread/{name}/", f"/list/{LIST}/thread/{name}/replies?sort=thread"]
