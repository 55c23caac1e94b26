#!/usr/bin/env bash
# A 60-minute episode of synthetic speech through our chain and through two that a skilled person would
# write with ffmpeg: one with loudnorm in two passes, one that measures with ebur128 and corrects with
# volume and a limiter ("smart"). Prints CPU seconds (user and system), wall seconds, what ffmpeg's
# ebur128 reads from each MP3, the spread of loudness between sections, and peak memory.
#
#   tests/parity/studio/speed.sh [RUNS] [MINUTES]     one run and 60 minutes without them; figures are medians
#
# MASTER_FILES names a ready-built example; otherwise cargo builds it. Needs ffmpeg, flite, sox, GNU time.
set -eu
cd "$(dirname "$0")/../../.."
runs=${1:-1} minutes=${2:-60} sections=12

for tool in ffmpeg flite sox; do
    command -v "$tool" >/dev/null || { echo "SKIPPED: $tool is not installed" >&2; exit 0; }
done
master_files=${MASTER_FILES:-}
if [ -z "$master_files" ]; then
    cargo build --quiet --release --package lorecast-studio --example master_files
    master_files=${CARGO_TARGET_DIR:-target}/release/examples/master_files
fi
dir=${WORK:-$(mktemp -d)}
[ -n "${WORK:-}" ] || trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir"

# Twelve sections in four voices, each louder or softer than the last (11 dB between them), with noise.
speech='The maintainer merged the new series. A reviewer asked for numbers from a larger machine, and the
author sent them on the same day. The lock in the page cache is gone, which makes writers faster. The third
version fixes a race between two timers. Nobody objected, although the discussion went on for a week.'
if [ ! -f "$dir/12.wav" ]; then
    n=0
    for level in -3 -9 -14 -5 -11 -8 -13 -4 -6 -10 -7 -12; do
        n=$((n + 1))
        voice=$(echo slt rms awb kal | cut -d' ' -f$((n % 4 + 1)))
        flite -voice "$voice" -t "$n. $speech $n is the number of this story." -o "$dir/one.wav"
        seconds=$((minutes * 60 / sections))
        sox "$dir/one.wav" -r 48000 "$dir/long.wav" repeat 99 trim 0 "$seconds" norm "$level"
        sox -n -r 48000 -c 1 "$dir/hiss.wav" synth "$seconds" pinknoise vol 0.004
        sox -m -v 1 "$dir/long.wav" -v 1 "$dir/hiss.wav" -b 16 "$dir/$n.wav"
    done
fi
rm -f "$dir/one.wav" "$dir/long.wav" "$dir/hiss.wav"
takes=$(seq 1 $sections | sed "s|.*|$dir/&.wav|")
inputs=$(echo "$takes" | sed 's/^/-i /' | tr '\n' ' ')
join="concat=n=$sections:v=0:a=1,aresample=48000,highpass=f=70,afftdn,acompressor=threshold=-20dB:ratio=2.5"

loudnorm() {
    ffmpeg -nostdin -v info $inputs -filter_complex "$join,loudnorm=I=-16:TP=-1:print_format=json" \
        -ac 2 -f null - 2>"$dir/pass1"
    value() { sed -n "s/.*\"$1\" : \"\(.*\)\".*/\1/p" "$dir/pass1"; }
    ffmpeg -nostdin -v error -y $inputs -filter_complex "$join,loudnorm=I=-16:TP=-1:measured_I=$(value input_i):measured_TP=$(value input_tp):measured_LRA=$(value input_lra):measured_thresh=$(value input_thresh):offset=$(value target_offset)" \
        -ar 48000 -ac 2 -b:a 128k "$dir/loudnorm.mp3"
}
smart() {
    ffmpeg -nostdin -v info -y $inputs -filter_complex "$join,aformat=channel_layouts=stereo,asplit[a][b];[b]ebur128[c]" \
        -map '[a]' -c:a pcm_f32le -f wav -rf64 auto "$dir/smart.wav" -map '[c]' -f null - 2>"$dir/pass1"
    found=$(awk '$1 == "I:" { i = $2 } END { print -16 - i }' "$dir/pass1")
    ffmpeg -nostdin -v error -y -i "$dir/smart.wav" -af "volume=${found}dB,alimiter=limit=0.85:level=0" \
        -b:a 128k "$dir/smart.mp3"
    rm "$dir/smart.wav"
}
ours() { "$master_files" --chain --threads "$1" "$dir/ours$1" 2 $takes >"$dir/said$1"; mv "$dir/ours$1/master.mp3" "$dir/ours$1.mp3"; }

# measured NAME COMMAND… appends "cpu wall" to NAME.times.
TIMEFORMAT='%U %S %R'
measured() {
    local name=$1
    shift
    { time "$@" 2>"$dir/$name.log"; } 2>"$dir/time" || { cat "$dir/$name.log" >&2; exit 1; }
    awk '{ print $1 + $2, $3 }' "$dir/time" >>"$dir/$name.times"
}
rm -f "$dir"/*.times
for _ in $(seq "$runs"); do
    measured ours2 ours 2
    measured ours1 ours 1
    [ -n "${OURS_ONLY:-}" ] && continue
    measured smart smart
    measured loudnorm loudnorm
done
cmp "$dir/ours1.mp3" "$dir/ours2.mp3" && echo "one thread and two: the same bytes"

median() { cut -d' ' -f"$2" "$dir/$1.times" 2>/dev/null | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
heard() { ffmpeg -nostdin -nostats -hide_banner ${2:-} -i "$1" -af ebur128=peak=true -f null - 2>&1 | sed -n '/Summary:/,$p'; }
for name in ours2 ours1 smart loudnorm; do
    [ -f "$dir/$name.times" ] || continue
    summary=$(heard "$dir/$name.mp3")
    printf '%-9s n=%d  CPU %7.1f s  wall %7.1f s  %6.1f LUFS  peak %5.1f dBFS\n' "$name" "$runs" "$(median $name 1)" "$(median $name 2)" \
        "$(echo "$summary" | awk '$1 == "I:" { print $2 }')" "$(echo "$summary" | awk '$1 == "Peak:" { print $2 }')"
done
[ -n "${OURS_ONLY:-}" ] || awk -v a="$(median ours2 2)" -v b="$(median loudnorm 2)" -v c="$(median smart 2)" -v d="$(median ours1 1)" -v e="$(median smart 1)" \
    'BEGIN { printf "wall, two threads: %.2f of loudnorm (reach 0.20), %.2f of smart (reach 0.45)\nCPU, one thread: %.2f of smart (reach 0.85)\n", a / b, a / c, d / e }'
