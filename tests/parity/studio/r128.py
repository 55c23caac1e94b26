#!/usr/bin/env python3
"""Conformance of the loudness meter with EBU Tech 3341 and 3342 and BS.1770, on signals made here.

    tests/parity/studio/r128.py CASES.json [--ffmpeg]

CASES.json describes signals and expected readings (kinds `tones`, `multichannel`, `sine_rel`,
`intersample`; recorded programmes are left out). METER_FILE names a ready-built example `meter_file`;
otherwise cargo builds it. Cases marked with another rate, and those that the set wants at further
rates, run at 44.1, 32, 96 and 192 kHz as well. Exit code 1 when a reading is out of tolerance.
With --ffmpeg its `ebur128=peak=true` reads the same files, in its own steps of 100 ms.
"""

import array
import json
import math
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
RATES = (44100, 32000, 96000, 192000)
REPEATED = re.compile(r"3341-([1-6]|1[5-9])$|3342-[1-4]$")


def meter():
    if "METER_FILE" in os.environ:
        return os.environ["METER_FILE"]
    subprocess.run(["cargo", "build", "-q", "--release", "-p", "lorecast-studio", "--example", "meter_file"],
                   cwd=ROOT, check=True)
    return str(ROOT / "target/release/examples/meter_file")


def amplitude(dbfs):
    return 0.0 if dbfs is None else 10 ** (dbfs / 20)


def write(path, rate, planes):
    """32 bit float, from one array of samples a channel."""
    count, frames = len(planes), len(planes[0])
    data = array.array("f", bytes(4 * count * frames))
    for number, plane in enumerate(planes):
        data[number::count] = plane
    body = data.tobytes()
    mask = {5: 0x607, 6: 0x60F}.get(count, 0)
    guid = struct.pack("<I", 3) + bytes.fromhex("000010008000 00aa00389b71".replace(" ", ""))
    form = struct.pack("<HHIIHHHHI", 0xFFFE, count, rate, rate * count * 4, count * 4, 32, 22, 32, mask) + guid
    head = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(body))
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(head) + len(body)) + b"WAVE" + head + body)


def tone(rate, freq, segments):
    """Phase goes on through all segments; the period in samples is whole, so it is made once."""
    period = rate // math.gcd(rate, freq)
    wave = [math.sin(2 * math.pi * freq * n / rate) for n in range(period)]
    out, at = array.array("f"), 0
    for segment in segments:
        frames, a = round(segment["seconds"] * rate), amplitude(segment["dbfs"])
        turn = array.array("f", [a * wave[(at + n) % period] for n in range(min(period, frames))])
        if frames:
            out.extend((turn * (frames // len(turn) + 1))[:frames])
        at += frames
    return out


def fade(samples, rate, seconds):
    edge = int(rate * seconds)
    for n in range(edge):
        samples[n] *= n / edge
        samples[-1 - n] *= n / edge
    return samples


def intersample(rate, signal, offset):
    """At four times the rate, low-passed, then every fourth sample."""
    quarter, burst_at = signal["carrier"]["amplitude_ffs"], 24 * 400
    high, burst = [], 16  # one period of fs/4 at four times the rate
    total = 24 * 800
    for n in range(total):
        if burst_at <= n < burst_at + burst:
            high.append(signal["burst"]["amplitude_ffs"] * math.sin(2 * math.pi * (n - burst_at) / 16))
        else:
            shift = n if n < burst_at else n - burst
            high.append(quarter * math.sin(2 * math.pi * shift / 24))
    half = 256
    taps = [2 * 0.1175 * (1 if k == 0 else math.sin(2 * math.pi * 0.1175 * k) / (2 * math.pi * 0.1175 * k))
            * (0.42 + 0.5 * math.cos(math.pi * k / half) + 0.08 * math.cos(2 * math.pi * k / half))
            for k in range(-half, half + 1)]
    low = [sum(t * high[n + k - half] for k, t in enumerate(taps) if 0 <= n + k - half < total)
           for n in range(offset, total, 4)]
    return fade(array.array("f", low), rate, 0.01)


def planes(case, rate):
    signal = case["signal"]
    if signal["kind"] == "tones":
        segments = list(signal["segments"]) * signal.get("repeat", 1)
        if case["id"].startswith("3342"):
            segments = segments + [{"seconds": 1.5, "dbfs": None}]
        plane = tone(rate, signal["freq_hz"], segments)
        if "left only" in signal["channels"]:
            return [plane, array.array("f", bytes(4 * len(plane)))]
        return [plane, plane]
    if signal["kind"] == "multichannel":
        return [tone(rate, signal["freq_hz"], [{"seconds": signal["seconds"], "dbfs": signal["dbfs"][name]}])
                for name in ("L", "R", "C", "Ls", "Rs")]
    if signal["kind"] == "sine_rel":
        divisor, phase = int(signal["freq"].split("/")[1]), math.radians(signal["phase_deg"])
        plane = array.array("f", [signal["amplitude_ffs"] * math.sin(2 * math.pi * n / divisor + phase)
                                  for n in range(int(rate * 3.2))])
        plane = fade(plane, rate, signal["fade_in_out_s"])
        return [plane, plane]
    plane = intersample(rate, signal, signal["offset"])
    return [plane, plane]


def numbers(words):
    return [None if word in ("-", "nan", "-inf") else float(word) for word in words]


def ours(program, path):
    lines = subprocess.run([program, "--hops", path], capture_output=True, text=True, check=True).stdout.split("\n")
    last = lines[-2].split()
    hops = [numbers(line.split()) for line in lines[:-2]]
    return {"I": numbers(last[1:2])[0], "LRA": float(last[3]), "max_TP": float(last[5]),
            "M": [hop[0] for hop in hops], "S": [hop[1] for hop in hops], "step": 0.01}


def ffmpeg(path):
    text = subprocess.run(["ffmpeg", "-nostats", "-hide_banner", "-i", path, "-af", "ebur128=peak=true",
                           "-f", "null", "-"], capture_output=True, text=True, check=True).stderr
    summary = text[text.rindex("Summary:"):]
    find = lambda name: float(re.search(name + r":\s+(-?[\d.]+|-inf|nan)", summary)[1])
    rows = re.findall(r"M:\s*(-?[\d.]+|nan|-inf)\s+S:\s*(-?[\d.]+|nan|-inf)", text)
    quiet = lambda word: None if word in ("nan", "-inf") or float(word) <= -120 else float(word)
    loud = find("I")
    return {"I": None if loud <= -70 else loud, "LRA": find("LRA"), "max_TP": find("Peak"),
            "M": [quiet(row[0]) for row in rows], "S": [quiet(row[1]) for row in rows], "step": 0.1}


def within(value, expect):
    return value is not None and expect["value"] + expect["tol_minus"] - 1e-9 <= value \
        <= expect["value"] + expect["tol_plus"] + 1e-9


def passes(case, expect, read):
    """Whether a reading is right, and what was read."""
    quantity, known = expect["quantity"], lambda values: [value for value in values if value is not None]
    if "tol_minus" not in expect:
        return read["I"] is None, read["I"]
    if quantity in ("I", "LRA", "max_TP"):
        return within(read[quantity], expect), read[quantity]
    if quantity in ("M", "S"):
        start = {"M": 0.4, "S": 3.0}[quantity]
        steady = known(read[quantity][round(start / read["step"]):])
        span = (min(steady), max(steady)) if steady else (None, None)
        return all(within(value, expect) for value in span), span
    if quantity in ("max_M", "max_S"):
        values = known(read[quantity[-1]])
        value = max(values) if values else None
        return within(value, expect), value
    values, sizes = read[quantity[4]], case["signal"]["segments"]
    each = sum(segment["seconds"] for segment in sizes) / len(expect["value"]) / read["step"]
    found = [max(known(values[round(n * each):round((n + 1) * each)]), default=None)
             for n in range(len(expect["value"]))]
    return all(within(value, {**expect, "value": want}) for value, want in zip(found, expect["value"])), found


def main():
    cases = json.load(open(sys.argv[1]))["cases"]
    cases = [case for case in cases if case.get("synthesisable", True)]
    program, readers = meter(), {}
    readers["ours"] = lambda path: ours(program, path)
    if "--ffmpeg" in sys.argv:
        readers["ffmpeg"] = ffmpeg
    tally = {name: {"cases": [0, 0], "readings": [0, 0], "at other rates": [0, 0]} for name in readers}
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "case.wav"
        for case in cases:
            rates = [case["signal"].get("fs", 48000)] + (list(RATES) if REPEATED.match(case["id"]) else [])
            for rate in rates:
                write(path, rate, planes(case, rate))
                for name, reader in readers.items():
                    read = reader(str(path))
                    results = [passes(case, expect, read) for expect in case["expect"]]
                    if rate == rates[0]:
                        count(tally[name]["cases"], all(good for good, _ in results))
                        for good, _ in results:
                            count(tally[name]["readings"], good)
                    else:
                        count(tally[name]["at other rates"], all(good for good, _ in results))
                    for expect, (good, found) in zip(case["expect"], results):
                        if not good:
                            failed = failed or name == "ours"
                            print(f"{name}: {case['id']} at {rate}: {expect['quantity']} should be "
                                  f"{expect['value']} and is {found}")
    for name, counts in tally.items():
        print(name + ": " + ", ".join(f"{good} of {all_} {what}" for what, (good, all_) in counts.items()))
    sys.exit(failed)


def count(pair, good):
    pair[0] += good
    pair[1] += 1


main()
