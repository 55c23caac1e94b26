#!/usr/bin/env python3
"""The peers of `tests/parity/align`: aeneas, and pocketsphinx with a language model of the script.

    tests/parity/studio/align_peers.py DIR

DIR is what `align corpus DIR` made: NAME.wav, NAME.txt (the script, a sentence a line) and NAME.tsv
(`start<TAB>end<TAB>sentence`, `-` for both times of a sentence that was not read). A peer that is not
installed is said to be missing.
"""
import collections, difflib, glob, json, math, os, re, resource, subprocess, sys, wave


def aeneas(wav, script, folder):
    """Dynamic time warping against a synthetic voice: every sentence gets a time."""
    plain, out = f"{folder}/plain.txt", f"{folder}/aeneas.json"
    with open(plain, "w") as file:
        file.write("\n".join(script) + "\n")
    task = "task_language=eng|is_text_type=plain|os_task_file_format=json"
    run = [sys.executable, "-m", "aeneas.tools.execute_task", wav, plain, task, out, "-r=tts=espeak-ng"]
    subprocess.run(run, check=True, capture_output=True)
    found = json.load(open(out))["fragments"]
    return [(float(part["begin"]), float(part["end"])) for part in found]


def words_of(text):
    return re.findall(r"[a-z']+", text.lower())


def trigrams(sentences, path):
    """An ARPA model of the script: Witten-Bell would be better, absolute discounting does."""
    counts = [collections.Counter() for _ in range(3)]
    for words in sentences:
        words = ["<s>", *words, "</s>"]
        for order in range(3):
            for at in range(len(words) - order):
                counts[order][tuple(words[at : at + order + 1])] += 1
    total = sum(counts[0].values())
    followers = [collections.defaultdict(list) for _ in range(3)]
    for order in (1, 2):
        for gram, count in counts[order].items():
            followers[order][gram[:-1]].append(count)
    keep = 0.5
    with open(path, "w") as out:
        print("\\data\\", *(f"ngram {n + 1}={len(counts[n])}" for n in range(3)), sep="\n", file=out)
        for order in range(3):
            print(f"\n\\{order + 1}-grams:", file=out)
            for gram, count in sorted(counts[order].items()):
                below = total if order == 0 else sum(followers[order][gram[:-1]])
                share = count / below if order == 0 else (count - keep) / below
                line = f"{math.log10(share):.5f}\t{' '.join(gram)}"
                if order < 2:
                    next_ones = followers[order + 1].get(gram)
                    left = keep * len(next_ones) / sum(next_ones) if next_ones else 1.0
                    line += f"\t{math.log10(left):.5f}"
                print(line, file=out)
        print("\n\\end\\", file=out)


def pocketsphinx(wav, script, folder):
    """What is recognised with the script's words, held against the script: some sentences get a time."""
    from pocketsphinx import Decoder, get_model_path

    model = get_model_path("en-us")
    dictionary = f"{model}/cmudict-en-us.dict"
    known = {line.split(None, 1)[0] for line in open(dictionary)}
    sentences = [[word for word in words_of(text) if word in known] for text in script]
    trigrams(sentences, f"{folder}/script.arpa")
    decoder = Decoder(
        hmm=f"{model}/en-us", dict=dictionary, lm=f"{folder}/script.arpa", loglevel="FATAL"
    )
    with wave.open(wav) as sound:
        bytes_of_it = sound.readframes(sound.getnframes())
    heard = []
    # Piece by piece: one long utterance would make it forget how loud the voice is.
    size, frame = 16000 * 2 * 30, 0.01
    for begin in range(0, len(bytes_of_it), size):
        decoder.start_utt()
        decoder.process_raw(bytes_of_it[begin : begin + size], full_utt=True)
        decoder.end_utt()
        for part in decoder.seg() or []:
            word = re.sub(r"\(\d+\)$", "", part.word)
            if word in known:
                start = begin / 32000
                heard.append((word, start + part.start_frame * frame, start + part.end_frame * frame))
    wanted = [(number, word) for number, words in enumerate(sentences) for word in words]
    times = [None] * len(script)
    match = difflib.SequenceMatcher(None, [w for _, w in wanted], [w for w, _, _ in heard], False)
    for ours, theirs, count in match.get_matching_blocks():
        for at in range(count):
            number, (_, start, end) = wanted[ours + at][0], heard[theirs + at]
            before = times[number]
            times[number] = (before[0] if before else start, end)
    return times


def compare(name, peer, found, truth, seconds):
    starts, ends, skipped, right, false = [], [], 0, 0, 0
    for (start, end), times in zip(truth, found):
        if start is None:
            skipped += 1
            right += times is None
        elif times is None:
            false += 1
            starts.append(math.inf)
        else:
            starts.append(abs(times[0] - start))
            ends.append(abs(times[1] - end))
    share = lambda values, part: sorted(values)[min(int(len(values) * part), len(values) - 1)]
    within = sum(off <= 0.1 for off in starts) / len(starts)
    far = sum(off > 1 for off in starts) / len(starts)
    print(
        f"{name} {peer}: {len(starts)} starts, within 0.1 s {within:.1%}, median {share(starts, 0.5):.3f}, "
        f"p90 {share(starts, 0.9):.3f}, over 1 s {far:.1%}; ends p90 {share(ends, 0.9):.3f}; "
        f"skipped found {right} of {skipped}, false {false}; {seconds:.1f} CPU s",
        flush=True,
    )


def cpu():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for tsv in sorted(glob.glob(f"{sys.argv[1]}/*.tsv")):
        base = os.path.splitext(tsv)[0]
        rows = [line.rstrip("\n").split("\t", 2) for line in open(tsv)]
        truth = [(None, None) if row[0] == "-" else (float(row[0]), float(row[1])) for row in rows]
        script = [line.rstrip("\n") for line in open(f"{base}.txt")]
        for peer in (aeneas, pocketsphinx):
            began = cpu()
            try:
                found = peer(f"{base}.wav", script, sys.argv[1])
            except (ImportError, subprocess.CalledProcessError) as error:
                print(f"{os.path.basename(base)} {peer.__name__}: missing ({error})")
                continue
            compare(os.path.basename(base), peer.__name__, found, truth, cpu() - began)


if __name__ == "__main__":
    main()
