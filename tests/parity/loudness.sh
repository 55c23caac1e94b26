#!/bin/sh
# Loudness, true peak, length and chapters of our MP3 as we state them and as ffmpeg and ffprobe read them.
# Prints ours beside theirs; fails when they differ by more than 0.2 LU, 0.3 dB or two MP3 frames.
#
#   tests/parity/loudness.sh [SOUND_FILE…]      without files: a quiet tone, clipping noise, a mix of both
#
# MASTER_FILES names a ready-built example; otherwise cargo builds it.
set -eu
cd "$(dirname "$0")/../.."

for tool in ffmpeg ffprobe; do
    if ! command -v "$tool" >/dev/null; then
        echo "SKIPPED: $tool is not installed, so there is nothing to compare with" >&2
        exit 0
    fi
done

ours=${MASTER_FILES:-}
if [ -z "$ours" ]; then
    cargo build --quiet --package lorecast-studio --example master_files
    ours=${CARGO_TARGET_DIR:-target}/debug/examples/master_files
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
make() { ffmpeg -loglevel error -f lavfi -i "$1" -t 20 -ac "$2" -ar "$3" "$dir/$4"; }
make 'sine=997,volume=-40dB' 1 44100 tone.wav
make 'anoisesrc=color=pink:seed=1:amplitude=1,volume=12dB' 2 48000 noise.wav

failed=0
# compare NAME CHANNELS FILE…
compare() {
    name=$1 channels=$2
    shift 2
    rm -rf "$dir/out"
    "$ours" "$dir/out" "$channels" "$@" >"$dir/said"
    mp3=$dir/out/master.mp3
    ffmpeg -nostats -hide_banner -i "$mp3" -af ebur128=peak=true -f null - 2>"$dir/heard"
    summary=$(sed -n '/Summary:/,$p' "$dir/heard")
    loudness=$(echo "$summary" | awk '$1 == "I:" { print $2 }')
    peak=$(echo "$summary" | awk '$1 == "Peak:" { print $2 }')
    length=$(ffprobe -v error -show_entries format=duration -of csv=p=0 "$mp3")
    chapters=$(ffprobe -v error -show_chapters -of csv "$mp3" | wc -l)
    awk -v name="$name" -v theirs="$loudness $peak $length $chapters" '
        function off(a, b) { return a > b ? a - b : b - a }
        { said[$1] = $2 }
        END {
            split(theirs, t, " ")
            printf "%-16s %-8s %8s %8s %10s %9s\n", name, "", "LUFS", "dBTP", "seconds", "chapters"
            printf "%-16s %-8s %8.2f %8.2f %10.3f %9d\n", "", "ours", said["loudness"], said["peak"], said["length"], said["chapters"]
            printf "%-16s %-8s %8.2f %8.2f %10.3f %9d\n", "", "ffmpeg", t[1], t[2], t[3], t[4]
            bad = off(said["loudness"], t[1]) > 0.2 || off(said["peak"], t[2]) > 0.3 \
                || off(said["length"], t[3]) > 0.06 || said["chapters"] != t[4] || t[2] > -0.9
            exit bad
        }' "$dir/said" || { echo "FAILED: $name" >&2; failed=1; }
}

if [ $# -gt 0 ]; then
    compare "given, stereo" 2 "$@"
    compare "given, mono" 1 "$@"
else
    compare "tone, stereo" 2 "$dir/tone.wav"
    compare "tone, mono" 1 "$dir/tone.wav"
    compare "noise, stereo" 2 "$dir/noise.wav"
    compare "noise, mono" 1 "$dir/noise.wav"
    compare "both, stereo" 2 "$dir/noise.wav" "$dir/tone.wav" "$dir/noise.wav"
fi
exit $failed
