#!/usr/bin/env bash
# Each stage of the chain alone, on synthetic voices with the fault that it is for: what it says it did, and
# what ffmpeg measures. The reverb is held to its definition by the crate's tests.
#
#   tests/parity/studio/stages.sh
#
# MASTER_FILES and COMPARE_SOUNDS name ready-built examples. Needs flite, espeak-ng, sox and ffmpeg.
set -eu
cd "$(dirname "$0")/../../.."
. tests/parity/studio/common.sh
needs ffmpeg flite espeak-ng sox
ours=$(example master_files) compare=$(example compare_sounds)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

text='She sells the sixth series of patches. The maintainer merged it on Tuesday. A reviewer asked for numbers
from a larger machine. Nobody objected, although the discussion went on for a week.'
for voice in slt rms awb kal16 espeak; do
    n=0
    echo "$text" | tr '\n' ' ' | tr . '\n' | while read -r sentence; do
        [ -n "$sentence" ] || continue
        n=$((n + 1))
        case $voice in
        espeak) espeak-ng -v en-us -w "$dir/one.wav" "$sentence." ;;
        *) flite -voice $voice -t "$sentence." -o "$dir/one.wav" ;;
        esac
        sox "$dir/one.wav" -r 48000 -c 1 -b 32 -e float "$dir/$voice.$n.wav" norm -9 pad 0 1
    done
    sox "$dir/$voice".?.wav "$dir/$voice.wav" pad 1 0 repeat 3
done

# Fills said with what our stage says, and out.wav with what it made; stage `-` is none.
run() { # STAGE FILE
    local stages="--stages $1"
    [ "$1" = - ] && stages=
    "$ours" $stages --loudness -30 "$dir/out" 1 "$2" >"$dir/said"
    mv "$dir/out/master.wav" "$dir/out.wav"
}
says() { sed -n "s/^effect [^:]*: [a-z]*: $1 \([0-9.-]*\).*/\1/p" "$dir/said"; }
level() { ffmpeg -nostdin -hide_banner -i "$1" -af "${2}astats=measure_perchannel=none" -f null - 2>&1 | awk '/RMS level dB/ { print $NF }'; }
minus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a - b }'; }
tone() { echo "atrim=0.1:0.9,bandpass=f=$1:width_type=h:w=6,"; }

printf '%-8s %s\n' voice "figure of each stage alone"
for voice in slt rms awb kal16 espeak; do
    clean=$dir/$voice.wav seconds=$(soxi -D "$dir/$voice.wav")
    # Hum: 50 and 150 Hz in the first second, where nobody speaks.
    sox -n -r 48000 -c 1 -b 32 -e float "$dir/hum.wav" synth "$seconds" sine 50 sine 150 remix - vol 0.02
    sox -m -v 1 "$clean" -v 1 "$dir/hum.wav" "$dir/hummed.wav"
    run - "$dir/hummed.wav"
    before="$(level "$dir/out.wav" "$(tone 50)") $(level "$dir/out.wav" "$(tone 150)")"
    run hum "$dir/hummed.wav"
    set -- $before
    printf '%-8s hum: heard at %s Hz, 50 Hz %s dB lower, 150 Hz %s dB lower; ' "$voice" "$(says 'mains heard at')" \
        "$(minus "$1" "$(level "$dir/out.wav" "$(tone 50)")")" "$(minus "$2" "$(level "$dir/out.wav" "$(tone 150)")")"
    run hum "$clean"
    echo "in the clean voice heard at '$(says 'mains heard at')'"
    # Ticks: three samples, one in 1.7 seconds.
    count=$(awk -v s="$seconds" 'BEGIN { print int(s / 1.7) }')
    sox -n -r 48000 -c 1 -b 32 -e float "$dir/tick.wav" synth 0.0000625 square 8000 vol 0.3 pad 0.7 0.9999375 repeat "$((count - 1))"
    sox -m -v 1 "$clean" -v 1 "$dir/tick.wav" "$dir/ticked.wav"
    run clicks "$dir/ticked.wav"
    printf '%-8s clicks: %.0f mended of %d, ' "$voice" "$(says 'ticks mended')" "$count"
    "$compare" "$clean" "$dir/ticked.wav" "$dir/out.wav" | awk '{ r[NR] = $11 } END { printf "SI-SDR %.1f dB before, %.1f dB after; ", r[1], r[2] }'
    run clicks "$clean"
    printf 'in the clean voice %.0f\n' "$(says 'ticks mended')"
    # Sibilants: what lies above 5.5 kHz against the rest.
    sharp=$dir/sharp.wav
    sox "$clean" "$sharp" treble +12 5000
    run - "$sharp"
    before=$(level "$dir/out.wav" "highpass=f=6000,highpass=f=6000,")
    low=$(level "$dir/out.wav" "lowpass=f=3000,")
    run sibilance "$sharp"
    printf '%-8s sibilance: above 6 kHz %s dB lower, below 3 kHz %s dB\n' "$voice" \
        "$(minus "$before" "$(level "$dir/out.wav" "highpass=f=6000,highpass=f=6000,")")" "$(minus "$low" "$(level "$dir/out.wav" "lowpass=f=3000,")")"
    # The room between words.
    sox -R -n -r 48000 -c 1 -b 32 -e float "$dir/hiss.wav" synth "$seconds" pinknoise vol 0.003
    sox -m -v 1 "$clean" -v 1 "$dir/hiss.wav" "$dir/hissed.wav"
    run - "$dir/hissed.wav"
    before=$(level "$dir/out.wav" atrim=0.2:0.8,)
    run expander "$dir/hissed.wav"
    printf '%-8s expander: pause %s dB lower\n' "$voice" "$(minus "$before" "$(level "$dir/out.wav" atrim=0.2:0.8,)")"
    # Pauses: three of 5 s more, of which 3 s (and 1 s of what follows) are too long.
    sox "$dir/$voice.1.wav" "$dir/paused.wav" pad 0 5 repeat 2
    run silence "$dir/paused.wav"
    printf '%-8s silence: %s pauses shortened, %s s saved\n' "$voice" "$(says 'pauses shortened' | cut -d. -f1)" "$(says 'time saved')"
done
