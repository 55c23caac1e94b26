#!/usr/bin/env python3
"""What other programs see in our files: tags, chapters, pictures and lengths.

    python3 tests/parity/studio/formats_out.py FOLDER

prints for `master.mp3`, `master.opus` and `master.m4a` in FOLDER, as far as they are there, what mutagen
(PyPI), ffprobe and opusinfo (Debian's opus-tools) read, and fails when they disagree about the length by
more than 60 ms, or a chapter is missing in one of the files (for the MP3 as mutagen reads it: ffmpeg takes the
sizes of frames within a chapter of ID3v2.4 for plain numbers, and loses a chapter with a picture). A program that is not installed is said to be
SKIPPED.
"""
import json
import shutil
import subprocess
import sys
from pathlib import Path


def run(*command):
    if not shutil.which(command[0]):
        print(f"  SKIPPED: {command[0]} is not installed")
        return None
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout + (done.stderr if done.returncode else "")


def ffprobe(file):
    told = run("ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams", "-show_chapters", str(file))
    if told is None:
        return None, []
    told = json.loads(told)
    tags = {**told["format"].get("tags", {}), **next(iter(told["streams"]), {}).get("tags", {})}
    for name, value in tags.items():
        print(f"  ffprobe  {name}: {str(value)[:60]!r}")
    for stream in told["streams"]:
        print(f"  ffprobe  stream {stream.get('codec_name')} {stream.get('sample_rate', '')} {stream.get('channels', '')}")
    chapters = [(chapter["start_time"], chapter.get("tags", {}).get("title")) for chapter in told["chapters"]]
    for start, title in chapters:
        print(f"  ffprobe  chapter {start} {title}")
    return float(told["format"]["duration"]), chapters


def mutagen(file):
    try:
        from mutagen import File
    except ImportError:
        print("  SKIPPED: mutagen is not installed")
        return None, None
    read = File(file)
    tags = dict((read.tags or {}).items())
    for name, value in tags.items():
        print(f"  mutagen  {name}: {str(value)[:60]!r}")
    print(f"  mutagen  {read.info.pprint()}")
    chapters = sum(name.startswith("CHAP:") for name in tags)
    return read.info.length, chapters if file.suffix == ".mp3" else None


def main(folder):
    right, counts = True, {}
    for name in ["master.mp3", "master.opus", "master.m4a"]:
        file = Path(folder) / name
        if not file.exists():
            continue
        print(name, file.stat().st_size, "bytes")
        one, chapters = ffprobe(file)
        two, in_id3 = mutagen(file)
        if name.endswith("opus"):
            for line in (run("opusinfo", str(file)) or "").splitlines():
                if "METADATA_BLOCK_PICTURE" not in line:
                    print(f"  opusinfo {line}")
        if one is not None and two is not None and abs(one - two) > 0.06:
            print(f"  LENGTHS DIFFER: {one} and {two}")
            right = False
        if one is not None:
            counts[name] = len(chapters) if in_id3 is None else in_id3
    if len(set(counts.values())) > 1:
        print(f"CHAPTERS DIFFER: {counts}")
        right = False
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else __doc__)
