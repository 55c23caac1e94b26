#!/usr/bin/env bash
# Makes the takes of an episode: synthetic voices with what a home has, in sections of unequal loudness.
#
#   tests/parity/studio/episode.sh FOLDER [MINUTES]
#
# Twelve takes, 1.wav to 12.wav (mono, 16 bit, 44.1 or 48 kHz), 11 LU between the loudest and the softest:
# four voices of flite and one of espeak-ng, a room behind three of them, pink noise in all, the mains' hum
# in two, ticks in two, one that clips. No human voice is in it. Needs flite, espeak-ng, sox and ffmpeg.
set -eu
dir=$1 minutes=${2:-60} sections=12
seconds=$((minutes * 60 / sections))
mkdir -p "$dir"
part=$(mktemp -d)
trap 'rm -rf "$part"' EXIT

sentences() {
    cat <<'TEXT'
The maintainer merged the new series on Tuesday.
A reviewer asked for numbers from a larger machine, and the author sent them on the same day.
The lock in the page cache is gone, which makes writers faster.
The third version fixes a race between two timers.
Nobody objected, although the discussion went on for a week.
The driver resets the device when a command takes longer than thirty seconds.
Two testers saw the warning again, so the patch was dropped from the queue.
The scheduler now looks at the load of a whole cluster before it moves a task.
Somebody suggested to split the change, which makes it easier to carry it to the stable trees.
The documentation says what happens when the disk is full.
A bug in the network stack lost every hundredth packet on slow links.
The question is whether a new system call is worth the trouble.
It took three people two weeks to find the missing barrier.
The file system keeps a second copy of its most precious block.
The compiler warned about it for years, and nobody listened.
Sixteen patches remove what was left of the old interface.
TEXT
}

say() { # VOICE SENTENCE FILE
    case $1 in
    espeak) espeak-ng -v en-us -w "$3" "$2" ;;
    *) flite -voice "$1" -t "$2" -o "$3" ;;
    esac
}

# The sentences of one voice with pauses between them, in the order of the section.
for voice in slt rms awb kal espeak; do
    n=0
    while read -r sentence; do
        n=$((n + 1))
        say "$voice" "$sentence" "$part/one.wav"
        sox "$part/one.wav" -r 48000 -b 16 -c 1 "$part/$voice.$(printf %02d $n).wav" norm -3 pad 0.1 "0.$((3 + n % 6))"
    done < <(sentences)
    sox "$part/$voice".*.wav "$part/$voice.wav"
done

voices=(slt rms awb kal slt espeak rms awb slt rms kal awb)
lufs=(-16 -21 -25.7 -18 -23 -20 -25 -14.5 -19 -22.5 -17 -25.7)
for n in $(seq $sections); do
    voice=${voices[n - 1]} wanted=${lufs[n - 1]} rate=48000 room=
    [ $((n % 4)) -eq 1 ] && room='reverb 18 60 30 100 8'
    [ $((n % 3)) -eq 2 ] && rate=44100
    sox -D "$part/$voice.wav" -b 32 -e float "$part/long.wav" repeat 99 trim $((n * 3)) "$seconds" $room norm -6 2>/dev/null
    loudness=$(ffmpeg -nostdin -hide_banner -nostats -t 60 -i "$part/long.wav" -af ebur128 -f null - 2>&1 | awk '$1 == "I:" { i = $2 } END { print i }')
    layers=(-v "$(awk -v a="$wanted" -v b="$loudness" 'BEGIN { print 10 ^ ((a - b) / 20) }')" "$part/long.wav")
    sox -R -n -r 48000 -c 1 -b 32 -e float "$part/hiss.wav" synth "$seconds" pinknoise vol 0.005
    layers+=(-v 1 "$part/hiss.wav")
    if [ $((n % 6)) -eq 3 ]; then
        sox -n -r 48000 -c 1 -b 32 -e float "$part/hum.wav" synth "$seconds" sine 50 sine 150 remix - vol 0.01
        layers+=(-v 1 "$part/hum.wav")
    fi
    if [ $((n % 6)) -eq 4 ]; then
        # A tick of three samples every seven seconds.
        sox -n -r 48000 -c 1 -b 32 -e float "$part/tick.wav" synth 0.0000625 square 8000 vol 0.4 pad 3.1 3.9 repeat $((seconds / 7))
        sox "$part/tick.wav" "$part/ticks.wav" trim 0 "$seconds"
        layers+=(-v 1 "$part/ticks.wav")
    fi
    sox -D -m "${layers[@]}" -r $rate -b 16 "$dir/$n.wav" 2>/dev/null
done
