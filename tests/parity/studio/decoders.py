#!/usr/bin/env python3
"""What Lorecast hears in sound files against what ffmpeg hears, sample by sample.

    decoders.py FILE...

Prints for each: how many frames each of the two has, and how far they differ (signal to difference, dB).
Needs ffmpeg and `cargo build -p lorecast-studio --example hear_file`.
"""
import math
import subprocess
import sys
from array import array
from pathlib import Path

OURS = Path(__file__).resolve().parents[3] / "target/debug/examples/hear_file"


def heard(command):
    done = subprocess.run(command, capture_output=True)
    if done.returncode:
        print(f"{command[0]}: {done.stderr.decode()[-300:]}", file=sys.stderr)
    return array("f", done.stdout)


for name in sys.argv[1:]:
    ours = heard([OURS, name])
    mix = ["-af", "aformat=channel_layouts=mono|stereo,pan=mono|c0=0.5*c0+0.5*c1"]
    channels = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=channels", "-of", "csv=p=0", name],
        capture_output=True, text=True).stdout.strip().split("\n")[0]
    # Opus through the reference decoder.
    codec = ["-c:a", "libopus"] if Path(name).suffix in (".opus", ".webm") else []
    theirs = heard(["ffmpeg", "-v", "error", *codec, "-i", name, *(mix if channels == "2" else []), "-f", "f32le", "-"])
    sound = sum(sample * sample for sample in theirs)
    noise = sum((a - b) ** 2 for a, b in zip(ours, theirs))
    ratio = 10 * math.log10(sound / noise) if noise else math.inf
    print(f"{name}: {len(ours)} frames, ffmpeg {len(theirs)}; {ratio:.1f} dB")
