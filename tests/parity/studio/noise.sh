#!/usr/bin/env bash
# Noise reduction beside its peers, on synthetic voices with noise that we add ourselves: how many dB the
# pauses get quieter, the log-spectral distance to the clean voice, SI-SDR, and the delay.
#
#   tests/parity/studio/noise.sh
#
# Peers: ffmpeg's afftdn, and its arnndn with MODEL=file.rnnn, or else with the weights that the source of
# the crate nnnoiseless carries (the model of RNNoise). `as-it-came` is the noisy sound itself. MASTER_FILES and COMPARE_SOUNDS name ready-built examples. Needs flite, sox and ffmpeg.
set -eu
cd "$(dirname "$0")/../../.."
. tests/parity/studio/common.sh
needs ffmpeg flite sox
ours=$(example master_files) compare=$(example compare_sounds)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

weights=$(ls "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/nnnoiseless-*/src/weights.rnn 2>/dev/null | head -1)
if [ -z "${MODEL:-}" ] && [ -n "$weights" ]; then
    # The same numbers in the same order, as text, a line each.
    MODEL=$dir/standard.rnnn
    { echo 'rnnoise-nu model file version 1'; od -An -v -t d1 -w1 "$weights"; } >"$MODEL"
fi

text='The maintainer merged the new series on Tuesday. A reviewer asked for numbers from a larger machine. The
lock in the page cache is gone, which makes writers faster. Nobody objected. The third version fixes a race
between two timers, although the discussion went on for a week.'
for voice in slt rms awb kal16; do
    n=0
    echo "$text" | tr '\n' ' ' | tr . '\n' | while read -r sentence; do
        [ -n "$sentence" ] || continue
        n=$((n + 1))
        flite -voice $voice -t "$sentence." -o "$dir/one.wav"
        sox "$dir/one.wav" -r 48000 -c 1 -b 32 -e float "$dir/$voice.$n.wav" norm -9 pad 0 1.2
    done
    sox "$dir/$voice".*.wav "$dir/$voice.clean.wav" pad 1 1
    seconds=$(soxi -D "$dir/$voice.clean.wav")
    for noise in pinknoise brownnoise whitenoise; do
        case $noise in pinknoise) level=0.010 ;; brownnoise) level=0.010 ;; *) level=0.003 ;; esac
        sox -R -n -r 48000 -c 1 -b 32 -e float "$dir/noise.wav" synth "$seconds" $noise vol $level
        sox -m -v 1 "$dir/$voice.clean.wav" -v 1 "$dir/noise.wav" -b 32 -e float "$dir/$voice.$noise.wav"
        noisy=$dir/$voice.$noise.wav
        clean() { ffmpeg -nostdin -v error -y -i "$noisy" -af "$2" -c:a pcm_f32le "$dir/$1.wav"; }
        made() { "$ours" --stages "$2" --loudness -30 "$dir/out" 1 "$noisy" >/dev/null; mv "$dir/out/master.wav" "$dir/$1.wav"; }
        clean afftdn 'highpass=f=70,afftdn'
        made ours-noise rumble,noise
        made ours-chain rumble,noise,expander
        files="$dir/afftdn.wav $dir/ours-noise.wav $dir/ours-chain.wav"
        if [ -n "${MODEL:-}" ]; then
            clean arnndn "highpass=f=70,arnndn=m=$MODEL"
            files="$files $dir/arnndn.wav"
        fi
        cp "$noisy" "$dir/as-it-came.wav"
        "$compare" "$dir/$voice.clean.wav" "$dir/as-it-came.wav" $files | sed "s|$dir/||; s/^/$voice $noise /" >>"$dir/figures"
    done
done
[ -n "${ALL:-}" ] && cat "$dir/figures"
printf '%-16s %6s %14s %12s %10s %16s\n' "mean of 12" delay 'pauses quieter' 'distance dB' 'SI-SDR dB' 'without delay dB'
awk '{ sub(/\.wav/, "", $3); n[$3]++; d[$3] += $5; p[$3] += $7; l[$3] += $9; r[$3] += $11; u[$3] += $13 }
    END { for (name in n) printf "%-16s %6.0f %14.1f %12.2f %10.1f %16.1f\n", name, d[name] / n[name], p[name] / n[name], l[name] / n[name], r[name] / n[name], u[name] / n[name] }' "$dir/figures" | sort
