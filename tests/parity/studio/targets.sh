#!/usr/bin/env bash
# Loudness and true peak of our MP3, Opus and AAC, decoded and read by ffmpeg's ebur128, over a table of takes from a
# whisper to noise that clips. Wanted: -16.0 (mono -19.0) within 0.1 LU, at most -1 dBTP. A sound of nothing but clicks
# cannot be as loud; it has to be told by how much it is softer.
#
#   tests/parity/studio/targets.sh [SOUND_FILE…]     also with these files, each an episode of its own
#
# MASTER_FILES names a ready-built example. Needs ffmpeg, flite, espeak-ng and sox.
set -eu
cd "$(dirname "$0")/../../.."
. tests/parity/studio/common.sh
needs ffmpeg flite espeak-ng sox
ours=$(example master_files)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

say='The maintainer merged the new series. A reviewer asked for numbers from a larger machine, and the author
sent them on the same day. The lock in the page cache is gone, which makes writers faster.'
for voice in slt rms awb kal; do flite -voice $voice -t "$say" -o "$dir/$voice.flite.wav"; done
espeak-ng -v en-us -w "$dir/espeak.flite.wav" "$say"
make() { sox -R -D "$dir/$1.flite.wav" "$dir/$2.wav" "${@:3}" 2>/dev/null; }
make slt plain
make slt whisper norm -42
make rms loud norm -1
make rms clipped gain 24
make awb telephone rate 8000
make kal wide rate 96000
make espeak synthetic
make slt room reverb 60
make awb squeezed compand 0.01,0.1 -60,-12,-20,-9,0,-6
sox "$dir/plain.wav" "$dir/stereo.wav" remix 1 1v0.7
sox "$dir/plain.wav" "$dir/dead.wav" remix 1 0
sox "$dir/plain.wav" "$dir/inverted.wav" remix 1 1v-1
sox -R "$dir/plain.wav" "$dir/dc.wav" gain -12 dcshift 0.2
sox "$dir/plain.wav" "$dir/second.wav" trim 1 1
sox -R -n -r 44100 -c 2 "$dir/noise.wav" synth 20 pinknoise gain 12 2>/dev/null
sox -R -n -r 48000 -c 1 "$dir/tone.wav" synth 20 sine 997 gain -40
sox -R -n -r 48000 -c 2 "$dir/clicks.wav" synth 20 square 3 gain -6
sox -R -n -r 48000 -c 2 "$dir/chord.wav" synth 20 sawtooth 110 sawtooth 138.6 gain -3 tremolo 4 60

missed=0 count=0 told=0
check() { # NAME CHANNELS FILE…
    local wanted=-16.0 format summary loudness peak softer
    [ "$2" = 1 ] && wanted=-19.0
    "$ours" --chain --formats opus,aac "$dir/out" "$2" "${@:3}" >"$dir/said"
    for format in mp3 opus m4a; do
        summary=$(ffmpeg -nostdin -nostats -hide_banner -i "$dir/out/master.$format" -map 0:a -af ebur128=peak=true -f null - 2>&1 | sed -n '/Summary:/,$p')
        loudness=$(echo "$summary" | awk '$1 == "I:" { print $2 }') peak=$(echo "$summary" | awk '$1 == "Peak:" { print $2 }')
        count=$((count + 1))
        softer=$(sed -n "s/^effect master.$format: loudness: softer than asked.* by \([0-9.]*\) LU/\1/p" "$dir/said")
        [ -z "$softer" ] || told=$((told + 1))
        awk -v name="$1" -v format="$format" -v i="$loudness" -v p="$peak" -v w="$wanted" -v softer="$softer" -v said="$(awk -v f="$format" '$1 == f { print $3, $5 }' "$dir/said")" 'BEGIN {
            off = i - w + softer
            bad = off > 0.1001 || off < -0.1001 || p > -1
            printf "%-22s %-4s wanted %5.1f  ffmpeg reads %6.1f LUFS %5.1f dBTP  we say %s%s%s\n", name, format, w, i, p, said, softer ? ", softer by " softer : "", bad ? " MISSED" : ""; exit bad }' || missed=$((missed + 1))
    done
}
for take in plain whisper loud clipped telephone wide synthetic room squeezed stereo dead inverted dc second noise tone clicks chord; do
    check "$take" 2 "$dir/$take.wav"
    check "$take, mono" 1 "$dir/$take.wav"
done
check "all at once" 2 "$dir"/{plain,whisper,loud,clipped,telephone,room,stereo,dead,dc}.wav
for file in "$@"; do check "$(basename "$file")" 2 "$file"; done
echo "$missed of $count missed; $told told to be softer than asked"
[ "$missed" -eq 0 ]
