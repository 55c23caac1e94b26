#!/usr/bin/env python3
"""How many one-fault feeds are found: the lint, and other programs that read feeds.

    lint.py CHECKS WORK [--lorecast PROGRAM]

CHECKS is a table of checks as JSON; each names a fault. WORK is a folder to work in. The faults are made
from the clean site of our tests (`cargo run -p lorecast-publisher --example faults`). Peers are what is
installed: `xmllint`, and Python's feedparser and podcastparser (`pip install feedparser podcastparser`);
what is not is said. A feed counts as found when a program says of it what it does not say of the clean one.
"""

import argparse
import importlib
import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def wilson(found, total):
    if not total:
        return (0.0, 0.0)
    z, p = 1.96, found / total
    middle, spread = p + z * z / (2 * total), z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))
    return tuple(100 * (middle + sign * spread) / (1 + z * z / total) for sign in (-1, 1))


def lorecast(program, site):
    """The rules that our lint names, as if a while had passed since the newest episode."""
    run = subprocess.run([program, "lint", site, "--format", "json"], capture_output=True, text=True, cwd=site)
    if run.returncode not in (0, 1):
        sys.exit(f"`{program} lint {site}` failed: {run.stderr}")
    return run.returncode, {finding["rule"] for finding in json.loads(run.stdout)}


def xmllint(feed):
    run = subprocess.run(["xmllint", "--noout", feed], capture_output=True, text=True)
    return run.stderr.replace(str(feed), "")


def feedparser(feed):
    read = importlib.import_module("feedparser").parse(feed.read_bytes())
    return (bool(read.bozo), str(read.get("bozo_exception", "")))


def podcastparser(feed):
    module = importlib.import_module("podcastparser")
    try:
        with feed.open("rb") as stream:
            return len(module.parse("https://pod.example/show/feed.xml", stream)["episodes"])
    except Exception as error:  # what it refuses is what it finds
        return repr(error)


def peers():
    if shutil.which("xmllint"):
        yield "xmllint", xmllint
    else:
        print("SKIPPED xmllint: not installed")
    for name, peer in (("feedparser", feedparser), ("podcastparser", podcastparser)):
        try:
            importlib.import_module(name)
            yield name, peer
        except ImportError:
            print(f"SKIPPED {name}: not installed")


def show(name, found, total):
    low, high = wilson(found, total)
    print(f"{name:<32} {found:>4} of {total:<4} {100 * found / max(total, 1):6.1f} %   95 %: {low:.1f}-{high:.1f}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("checks", type=Path)
    arguments.add_argument("work", type=Path)
    arguments.add_argument("--lorecast", default=str(ROOT / "target/debug/lorecast"))
    arguments.add_argument("--faults", default=str(ROOT / "target/debug/examples/faults"))
    given = arguments.parse_args()
    if not given.checks.exists():
        print(f"SKIPPED: there is no {given.checks}")
        return
    checks = json.loads(given.checks.read_text())["checks"]
    shutil.rmtree(given.work, ignore_errors=True)
    subprocess.run([given.faults, given.work], check=True)
    levels = {"MUST": 1, "SHOULD": 0, "HOUSE": 0}
    known = {check["id"]: check for check in checks}
    table = json.loads(subprocess.check_output([given.lorecast, "lint", "--rules", "--format", "json"], text=True))
    ours = {rule["rule"]: rule for rule in table}
    alike = sum(ours.get(key, {}).get("level") == check["level"] for key, check in known.items())
    show("rules with the same level", alike, len(known))

    code, clean = lorecast(given.lorecast, given.work / "clean")
    print(f"clean site: {len(clean)} findings {sorted(clean) or ''}")
    named, other, codes, missed = [], [], 0, []
    for key, check in known.items():
        site = given.work / key
        if not site.exists():
            continue
        code, rules = lorecast(given.lorecast, site)
        hit = key in rules
        (named if "fault" in check else other).append(hit)
        codes += hit and code >= levels[check["level"]]
        missed += [] if hit else [key]
    show("named faults found by their rule", sum(named), len(named))
    show("other faults found by their rule", sum(other), len(other))
    show("with the exit code of the level", codes, len(named) + len(other))
    print("missed:", " ".join(missed) or "none")
    print("no site: rules of builds and servers are in the tests:",
          " ".join(key for key in known if not (given.work / key).exists()) or "none")

    faults = [key for key, check in known.items() if "fault" in check and (given.work / key).exists()]
    for name, peer in peers():
        before = peer(given.work / "clean/feed.xml")
        found = sum(peer(given.work / key / "feed.xml") != before for key in faults)
        show(f"{name}: named faults", found, len(faults))
    for name in ("w3c", "livewire"):
        show(f"{name}: as the table has it", sum(bool(known[key].get(name)) for key in faults), len(faults))


main()
