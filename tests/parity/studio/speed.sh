#!/usr/bin/env bash
# A 60-minute episode of synthetic speech (episode.sh) through our chain and through three that a skilled
# person would write with ffmpeg: one with loudnorm in two passes, one that measures with ebur128 and
# corrects with volume and a limiter ("smart"), and one with dynaudnorm for the spread. All join, take away
# rumble and noise, compress, bring to -16 LUFS and encode at 128 kbit/s. Prints CPU seconds (user and
# system), wall seconds, peak memory, what ffmpeg's ebur128 reads from each MP3, and how many LU lie between
# the loudest and the softest section.
#
#   tests/parity/studio/speed.sh [RUNS] [MINUTES]     one run and 60 minutes without them; figures are medians
#
# OURS_ONLY=1 leaves the peers out. MASTER_FILES names a ready-built example; WORK a folder to keep.
# Needs ffmpeg, flite, espeak-ng, sox, GNU time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
. tests/parity/studio/common.sh
runs=${1:-1} minutes=${2:-60} sections=12

needs ffmpeg flite espeak-ng sox /usr/bin/time
master_files=$(example master_files)
dir=${WORK:-$(mktemp -d)}
[ -n "${WORK:-}" ] || trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir"
[ -f "$dir/$sections.wav" ] || "$here/episode.sh" "$dir" "$minutes"
takes=$(seq 1 $sections | sed "s|.*|$dir/&.wav|")
inputs=$(echo "$takes" | sed 's/^/-i /' | tr '\n' ' ')
resampled=$(for n in $(seq 0 $((sections - 1))); do printf '[%d:a]aresample=48000[r%d];' "$n" "$n"; done)
join="$resampled$(for n in $(seq 0 $((sections - 1))); do printf '[r%d]' "$n"; done)concat=n=$sections:v=0:a=1"
clean="$join,highpass=f=70,afftdn,acompressor=threshold=-20dB:ratio=2.5"

loudnorm() {
    ffmpeg -nostdin -v info $inputs -filter_complex "$clean,loudnorm=I=-16:TP=-1:print_format=json" \
        -ac 2 -f null - 2>"$dir/pass1"
    value() { sed -n "s/.*\"$1\" : \"\(.*\)\".*/\1/p" "$dir/pass1"; }
    ffmpeg -nostdin -v error -y $inputs -filter_complex "$clean,loudnorm=I=-16:TP=-1:measured_I=$(value input_i):measured_TP=$(value input_tp):measured_LRA=$(value input_lra):measured_thresh=$(value input_thresh):offset=$(value target_offset)" \
        -ar 48000 -ac 2 -b:a 128k "$dir/loudnorm.mp3"
}
# Cleans once into a file, measures on the way, and corrects what was measured.
corrected() { # NAME FILTERS
    ffmpeg -nostdin -v info -y $inputs -filter_complex "$2,aformat=channel_layouts=stereo,asplit[a][b];[b]ebur128[c]" \
        -map '[a]' -c:a pcm_f32le -f wav -rf64 auto "$dir/$1.wav" -map '[c]' -f null - 2>"$dir/pass1"
    found=$(awk '$1 == "I:" { i = $2 } END { print -16 - i }' "$dir/pass1")
    ffmpeg -nostdin -v error -y -i "$dir/$1.wav" -af "volume=${found}dB,alimiter=limit=0.85:level=0" \
        -b:a 128k "$dir/$1.mp3"
    rm "$dir/$1.wav"
}
smart() { corrected smart "$clean"; }
dynaudnorm() { corrected dynaudnorm "$clean,dynaudnorm"; }
ours() { "$master_files" --chain --threads "$1" "$dir/ours$1" 2 $takes >"$dir/said$1"; mv "$dir/ours$1/master.mp3" "$dir/ours$1.mp3"; }
export -f loudnorm corrected smart dynaudnorm ours
export dir takes inputs clean master_files

# measured NAME COMMAND… appends "cpu wall megabytes" to NAME.times; memory is that of the largest process.
measured() {
    local name=$1
    shift
    /usr/bin/time -o "$dir/time" -f '%U %S %e %M' bash -c "$*" 2>"$dir/$name.log" || { cat "$dir/$name.log" >&2; exit 1; }
    awk '{ print $1 + $2, $3, $4 / 1000 }' "$dir/time" >>"$dir/$name.times"
}
rm -f "$dir"/*.times
for _ in $(seq "$runs"); do
    measured ours2 ours 2
    measured ours1 ours 1
    [ -n "${OURS_ONLY:-}" ] && continue
    measured smart smart
    measured loudnorm loudnorm
    measured dynaudnorm dynaudnorm
done
cmp "$dir/ours1.mp3" "$dir/ours2.mp3" && echo "one thread and two: the same bytes"

median() { cut -d' ' -f"$2" "$dir/$1.times" 2>/dev/null | sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }
heard() { ffmpeg -nostdin -nostats -hide_banner "${@:2}" -i "$1" -af ebur128=peak=true -f null - 2>&1 | sed -n '/Summary:/,$p'; }
# The sections of ours start at its chapters; pauses are shortened in it.
starts() {
    case $1 in
    ours*) ffprobe -v error -show_chapters -of csv=p=0 "$dir/$1.mp3" | cut -d, -f4 ;;
    *) seq 0 $((minutes * 60 / sections)) $((minutes * 60 - 1)) ;;
    esac
}
spread() {
    local times=($(starts "$1")) n
    for n in $(seq 0 $((sections - 1))); do
        heard "$dir/$1.mp3" -ss "$(awk -v t="${times[n]}" 'BEGIN { print t + 1 }')" -t $((minutes * 60 / sections - 10)) | awk '$1 == "I:" { print $2 }'
    done | sort -n | awk '{ a[NR] = $1 } END { printf "%.1f", a[NR] - a[1] }'
}
for name in ours2 ours1 smart loudnorm dynaudnorm; do
    [ -f "$dir/$name.times" ] || continue
    summary=$(heard "$dir/$name.mp3")
    printf '%-10s n=%d  CPU %6.1f s  wall %6.1f s  memory %4.0f MB  %6.1f LUFS  peak %5.1f dBFS  spread %s LU\n' "$name" "$runs" \
        "$(median $name 1)" "$(median $name 2)" "$(median $name 3)" "$(echo "$summary" | awk '$1 == "I:" { print $2 }')" \
        "$(echo "$summary" | awk '$1 == "Peak:" { print $2 }')" "$(spread $name)"
done
[ -n "${OURS_ONLY:-}" ] || awk -v a="$(median ours2 2)" -v b="$(median loudnorm 2)" -v c="$(median smart 2)" -v d="$(median ours1 1)" -v e="$(median smart 1)" \
    'BEGIN { printf "wall, two threads: %.2f of loudnorm (reach 0.20), %.2f of smart (reach 0.45)\nCPU, one thread: %.2f of smart (reach 0.85)\n", a / b, a / c, d / e }'
