#!/usr/bin/env python3
"""CPU seconds to measure loudness and true peak of a stereo hour: ours, the ebur128 crate, ffmpeg.

    tests/parity/studio/meter_speed.py [SOUND_FILE]      without a file: made speech-like noise

Three rounds, one after the other, in one run; medians and the ratio to ffmpeg. METER_FILE names a
ready-built example `meter_file`; otherwise cargo builds it. Reading and decoding the WAV counts for all.
"""

import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]


def cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, (done.stdout or done.stderr[done.stderr.rindex("Summary:"):]).split()


def main():
    meter = os.environ.get("METER_FILE")
    if not meter:
        subprocess.run(["cargo", "build", "-q", "--release", "-p", "lorecast-studio", "--example", "meter_file"],
                       cwd=ROOT, check=True)
        meter = str(ROOT / "target/release/examples/meter_file")
    with tempfile.TemporaryDirectory() as folder:
        sound = sys.argv[1] if len(sys.argv) > 1 else os.path.join(folder, "hour.wav")
        if len(sys.argv) == 1:
            # Syllables four times a second and pauses every seven: loud and quiet as a voice is.
            shape = "tremolo=f=4:d=0.9,tremolo=f=0.14:d=0.95"
            subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i",
                            f"anoisesrc=color=pink:seed=1:amplitude=0.5:r=48000,{shape}", "-t", "3600", "-ac", "2",
                            sound], check=True)
        commands = {
            "ours": [meter, sound],
            "ebur128 crate": [meter, "--crate", sound],
            "ffmpeg": ["ffmpeg", "-nostats", "-hide_banner", "-i", sound, "-af", "ebur128=peak=true", "-f", "null", "-"],
        }
        times = {name: [] for name in commands}
        for _ in range(3):
            for name, command in commands.items():
                seconds, said = cpu(command)
                times[name].append(seconds)
                if len(times[name]) == 1:
                    print(name, " ".join(said))
        theirs = statistics.median(times["ffmpeg"])
        for name, found in times.items():
            middle = statistics.median(found)
            print(f"{name:14} {middle:6.2f} CPU s  {middle / theirs:5.2f}x ffmpeg   of {[round(t, 2) for t in found]}")


main()
