#!/usr/bin/env python3
"""Makes a long show out of a short one: copies a mastered episode, once for each week.

    many.py SHOW EPISODE COPIES

SHOW/episodes/EPISODE is copied to the weeks from 2010-01-03 on and taken away itself, with all others. Transcripts
are repeated up to half an hour; the sound is linked, not copied.
"""
import datetime
import json
import os
import pathlib
import shutil
import sys

HALF_AN_HOUR = 1800.0


def main() -> None:
    show, episode, copies = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    own = show / "episodes" / episode
    kept = show / "one-episode"
    own.rename(kept)
    shutil.rmtree(show / "episodes")
    shutil.rmtree(show / "public", ignore_errors=True)
    texts = {name: (kept / name).read_text() for name in ("episode.yaml", "notes.md", "master.json")}
    spoken = repeated(json.loads((kept / "alignment.json").read_text()))
    for nth in range(copies):
        end = datetime.date(2010, 1, 3) + datetime.timedelta(weeks=nth)
        folder = show / "episodes" / end.isoformat()
        folder.mkdir(parents=True)
        start = datetime.date.fromisoformat(episode) - datetime.timedelta(days=6)
        for name, text in texts.items():
            text = text.replace(episode, end.isoformat())
            text = text.replace(start.isoformat(), (end - datetime.timedelta(days=6)).isoformat())
            text = text.replace("\nnumber: 1\n", f"\nnumber: {nth + 1}\n")
            (folder / name).write_text(text)
        (folder / "alignment.json").write_text(spoken)
        for sound in [*kept.glob("master.mp3"), *kept.glob("master.opus"), kept / "master.peaks.json"]:
            os.link(sound, folder / sound.name)
    shutil.rmtree(kept)


def repeated(spoken: dict) -> str:
    """The same sentences again and again, until half an hour is full."""
    sentences = spoken["sentences"]
    length = sentences[-1]["end"]
    every = []
    for nth in range(max(1, round(HALF_AN_HOUR / length))):
        for sentence in sentences:
            words = [shifted(word, nth * length) for word in sentence.get("words", [])]
            every.append({**shifted(sentence, nth * length), "words": words})
    return json.dumps({**spoken, "sentences": every})


def shifted(part: dict, seconds: float) -> dict:
    return {**part, "start": part["start"] + seconds, "end": part["end"] + seconds}


main()
