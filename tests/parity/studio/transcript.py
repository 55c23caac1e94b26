#!/usr/bin/env python3
"""How well `lorecast master` places the sentences of a whole episode: the demo's second episode, read
by flite sentence by sentence, so that every time is known. Some sentences are left out.

    tests/parity/studio/transcript.py LORECAST [VOICE...]

Needs flite and pocketsphinx-en-us. Prints a line for each voice (slt, awb, rms, kal16).
"""
import array, json, os, random, re, statistics, subprocess, sys, tempfile, time, wave

RATE, EPISODE, SKIPPED = 16000, "2025-06-15", {5, 6, 20, 33}


def speak(voice, text, folder):
    path = f"{folder}/said.wav"
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True)
    with wave.open(path) as sound:
        assert sound.getframerate() == RATE
        said = array.array("h", sound.readframes(sound.getnframes()))
    loud = [at for at, sample in enumerate(said) if abs(sample) > 300]
    return said, loud[0], loud[-1]


def sentences(lorecast, show):
    run = [lorecast, "script", EPISODE, "--show", show, "--format", "json"]
    script = json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
    for section in script["sections"]:
        for runs in section["paragraphs"]:
            text = " ".join("".join(list(r.values())[0] for r in runs if "hint" not in r).split())
            yield from re.split(r"(?<=[.?!][”\"’)])\s+|(?<=[.?!])\s+(?=[^a-z])", text)


def measure(lorecast, voice, folder):
    show = f"{folder}/{voice}"
    subprocess.run([lorecast, "demo", "--out", show], capture_output=True, check=True)
    dice, sound, truth = random.Random(1), array.array("h"), []
    for number, text in enumerate(sentences(lorecast, show)):
        if number in SKIPPED:
            truth.append((text, None, None))
            continue
        sound.extend([0] * int(RATE * dice.uniform(0.2, 0.7)))
        said, first, last = speak(voice, text, folder)
        truth.append((text, (len(sound) + first) / RATE, (len(sound) + last) / RATE))
        sound.extend(said)
    episode = f"{show}/episodes/{EPISODE}"
    for take in os.listdir(f"{episode}/takes"):
        os.remove(f"{episode}/takes/{take}")
    with wave.open(f"{episode}/takes/all.wav", "w") as take:
        take.setnchannels(1), take.setsampwidth(2), take.setframerate(RATE)
        take.writeframes(sound.tobytes())
    text = open(f"{episode}/episode.yaml").read()
    text = re.sub(r"chapters:\n(  - .*\n)+", "chapters:\n  - {title: The week, take: all}\n", text)
    open(f"{episode}/episode.yaml", "w").write(text)
    # The transcript would have the spelling of the notes, and could not be held against the script.
    os.remove(f"{episode}/notes.md")
    # The jingle and the chain's shorter pauses would move every time.
    settings = open(f"{show}/show.yaml").read().replace("  intro: sounds/jingle.flac\n", "")
    settings = settings.replace("sound:\n", "sound:\n  chain: {silence: {on: false}}\n", 1)
    open(f"{show}/show.yaml", "w").write(settings)
    began = time.time()
    subprocess.run([lorecast, "master", EPISODE, "--show", show], capture_output=True, check=True)
    took = time.time() - began
    segments = json.load(open(f"{episode}/transcript.json"))["segments"]
    table = json.load(open(f"{episode}/alignment.json"))
    found = {}
    for segment in segments:
        found.setdefault(segment["body"], []).append(segment)
    starts, ends, missing, invented = [], [], 0, 0
    for text, start, end in truth:
        segment = found[text].pop(0) if found.get(text) else None
        if start is None:
            invented += segment is not None
        elif segment is None:
            missing += 1
        else:
            starts.append(abs(segment["startTime"] - start))
            ends.append(abs(segment["endTime"] - end))
    skipped = [d["text"] for d in table.get("deviations", []) if d["kind"] == "skipped"]
    right = sum(text in skipped for text, start, _ in truth if start is None)
    within = sum(off <= 0.1 for off in starts) / max(len(starts) + missing, 1)
    share = lambda values, part: sorted(values)[min(int(len(values) * part), len(values) - 1)]
    print(
        f"{voice}: {len(starts)} sentences, {missing} missing; starts within 0.1 s {within:.1%}, "
        f"median {statistics.median(starts):.3f}, p90 {share(starts, 0.9):.3f}, max {max(starts):.2f} s; "
        f"ends p90 {share(ends, 0.9):.3f} s; skips found {right} of {len(SKIPPED)}, "
        f"false {len(skipped) - right}; {len(sound) / RATE:.0f} s of sound in {took:.1f} s"
    )


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        for voice in sys.argv[2:] or ["slt", "awb", "rms"]:
            measure(os.path.abspath(sys.argv[1]), voice, folder)


if __name__ == "__main__":
    main()
