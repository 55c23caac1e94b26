#!/usr/bin/env python3
"""Writes jingle.wav: four seconds of a chord motif, made of sines alone (Python 3 standard library).

    python3 write-jingle.py && flac -8 --best -f -o jingle.flac jingle.wav && rm jingle.wav

Three bell-like notes climb to a soft major-ninth chord and fade out. Stereo, 44.1 kHz, 16 bit; the
same bytes on every run.
"""

import array
import math
import pathlib
import wave

RATE = 44_100
LENGTH = 3.6
# (start in seconds, frequency in Hz, loudness, seconds to fall by e, place from -1 left to +1 right)
NOTES = [
    (0.00, 293.66, 0.30, 0.55, -0.5),  # D4
    (0.22, 440.00, 0.28, 0.55, 0.5),  # A4
    (0.44, 554.37, 0.26, 0.60, -0.2),  # C#5
    (0.74, 146.83, 0.30, 1.10, 0.0),  # D3
    (0.74, 369.99, 0.20, 1.00, 0.4),  # F#4
    (0.74, 440.00, 0.18, 1.00, -0.4),  # A4
    (0.74, 659.26, 0.16, 0.90, 0.6),  # E5
    (0.76, 880.00, 0.07, 0.80, -0.6),  # A5
]
# A bell's partials: ratio to the note, loudness, how much faster it falls.
PARTIALS = [(1.0, 1.0, 1.0), (2.0, 0.28, 1.7), (3.01, 0.10, 2.6)]


def note(start, frequency, loudness, fall, place):
    """Yields (sample index, left, right) of one note."""
    left, right = math.cos((place + 1) * math.pi / 4), math.sin((place + 1) * math.pi / 4)
    first = round(start * RATE)
    for i in range(first, round(LENGTH * RATE)):
        t = (i - first) / RATE
        attack = min(1.0, t / 0.012)
        value = sum(
            level * math.exp(-t * faster / fall) * math.sin(2 * math.pi * frequency * ratio * t)
            for ratio, level, faster in PARTIALS
        )
        yield i, value * loudness * attack * left, value * loudness * attack * right


def main():
    total = round(LENGTH * RATE)
    mix = [[0.0] * total, [0.0] * total]
    for entry in NOTES:
        for i, left, right in note(*entry):
            mix[0][i] += left
            mix[1][i] += right
    fade = 0.5 * RATE
    loudest = max(abs(v) for side in mix for v in side)
    samples = array.array("h")
    for i in range(total):
        out = min(1.0, (total - i) / fade) * 0.6 / loudest
        samples.append(round(mix[0][i] * out * 32767))
        samples.append(round(mix[1][i] * out * 32767))
    path = pathlib.Path(__file__).resolve().parent / "jingle.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


main()
