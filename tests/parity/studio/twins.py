#!/usr/bin/env python3
"""How near an MP3 of ours is to its WAV, beside what lame and ffmpeg make of that WAV in joint stereo. The WAV is
one whose sides are the same but for the dither, and the peers get its left side twice.

    twins.py MASTER.wav MASTER.mp3...

For each MP3: whether both sides are the same, the ratio of signal to noise, and the ratio of noise to mask:
the mean over frames, the mean of the worst hundredth, and how many of the bands lie above the mask. The mask
is a simple one (energies of critical bands, spread 10 dB a band upwards and 25 downwards, less 14 dB): good
to compare encodings of one sound, not to say what is heard. Needs numpy, lame and ffmpeg.
"""
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import numpy as np
except ImportError:
    sys.exit("SKIPPED: numpy is not installed")
for program in ("lame", "ffmpeg"):
    if not shutil.which(program):
        sys.exit(f"SKIPPED: {program} is not installed")

WINDOW, HOP, RATE, BANDS = 1024, 512, 48_000, 25
HANN = np.hanning(WINDOW)
HERTZ = np.fft.rfftfreq(WINDOW, 1 / RATE)
BAND = np.minimum(13 * np.arctan(0.00076 * HERTZ) + 3.5 * np.arctan((HERTZ / 7500) ** 2), BANDS - 1).astype(int)
INTO_BANDS = (BAND[:, None] == np.arange(BANDS)).astype(float)


def heard(file):
    command = ["ffmpeg", "-v", "error", "-i", file, "-ac", "2", "-f", "f32le", "-"]
    samples = subprocess.run(command, capture_output=True, check=True).stdout
    return np.frombuffer(samples, np.float32).reshape(-1, 2).astype(np.float64)


def energies(samples):
    count = (len(samples) - WINDOW) // HOP
    bands = np.empty((count, BANDS))
    for start in range(0, count, 4096):
        frames = np.lib.stride_tricks.sliding_window_view(samples[start * HOP :], WINDOW)[::HOP][: min(4096, count - start)]
        bands[start : start + len(frames)] = np.abs(np.fft.rfft(frames * HANN)) ** 2 @ INTO_BANDS
    return bands


def masks(bands):
    apart = np.arange(BANDS)[:, None] - np.arange(BANDS)
    spread = np.where(apart >= 0, 10.0**-apart, 10 ** (2.5 * apart))
    khz = np.maximum(HERTZ, 20) / 1000
    quiet = 3.64 * khz**-0.8 - 6.5 * np.exp(-0.6 * (khz - 3.3) ** 2) + 1e-3 * khz**4
    quiet = 10 ** ((quiet - 96) / 10) * (HANN**2).sum() * WINDOW / 4
    quiet = np.array([quiet[BAND == band].min() * (BAND == band).sum() for band in range(BANDS)])
    return np.maximum(bands @ (spread / spread.sum(1, keepdims=True)).T * 10**-1.4, quiet)


wav, *made = sys.argv[1:]
sound = heard(wav)[:, 0]
bands = energies(sound)
mask, loud = masks(bands), bands.sum(1) > bands.sum(1).mean() * 1e-4
with tempfile.TemporaryDirectory() as folder:
    both = f"{folder}/both.wav"
    subprocess.run(["ffmpeg", "-v", "error", "-i", wav, "-af", "pan=stereo|c0=c0|c1=c0", both], check=True)
    lame = ["lame", "--quiet", "-m", "j", "-b", "128"]
    peers = {
        "lame -q 3": [*lame, "-q", "3", both],
        "lame -q 5": [*lame, "-q", "5", both],
        "lame -q 7": [*lame, "-q", "7", both],
        "ffmpeg": ["ffmpeg", "-v", "error", "-y", "-i", both, "-b:a", "128k"],
    }
    files = {Path(file).name if len(made) == 1 else file: file for file in made}
    for name, command in peers.items():
        files[name] = f"{folder}/{name}.mp3"
        subprocess.run([*command, files[name]], check=True)
    for name, file in files.items():
        sides = heard(file)
        length = min(len(sides), len(sound))
        side, whole = sides[:length, 0], sound[:length]
        # Encoders turn the sound down a little.
        noise = whole - side * (whole @ side) / (side @ side)
        over = (energies(noise) / mask[: (length - WINDOW) // HOP])[loud[: (length - WINDOW) // HOP]]
        frames = np.sort(over.mean(1))
        decibels = lambda power: 10 * np.log10(power)
        print(
            f"{name:12} sides {'equal' if np.array_equal(sides[:, 0], sides[:, 1]) else 'differ'}, "
            f"signal to noise {decibels((whole @ whole) / (noise @ noise)):.1f} dB, noise to mask "
            f"{decibels(frames.mean()):.1f} dB, worst hundredth {decibels(frames[-len(frames) // 100 :].mean()):.1f} dB, "
            f"bands above {100 * (over > 1).mean():.1f} %, frames {len(sides)} of {len(sound)}"
        )
