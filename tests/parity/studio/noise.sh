#!/usr/bin/env bash
# Noise reduction beside its peers, on synthetic voices with noise that we add ourselves, at 10, 13, 15, 20 and 30 dB
# between voice and noise (LEVELS names others): how many dB the pauses get quieter than in the recording, the
# log-spectral distance to the clean voice, SI-SDR, and the delay.
#
#   tests/parity/studio/noise.sh
#
# Everybody takes away what lies below 70 Hz with the same filter first (two poles after Butterworth, as ffmpeg's and
# sox's), and the clean voice goes through it as well: what is measured is what happens to the noise and to the voice,
# and not how that filter turns the phase of low voices.
#
# Peers: ffmpeg's afftdn, and its arnndn with MODEL=file.rnnn, or else with the weights that the source of
# the crate nnnoiseless carries (the model of RNNoise); and `nnnoiseless`, the crate alone with 87.5 % of its sound.
# `as-it-came` is the recording after the filter. MASTER_FILES, COMPARE_SOUNDS and NNNOISELESS_FILE name ready-built
# examples. Needs flite, sox and ffmpeg.
set -eu
cd "$(dirname "$0")/../../.."
. tests/parity/studio/common.sh
needs ffmpeg flite sox
ours=$(example master_files) compare=$(example compare_sounds) plain=$(example nnnoiseless_file)
levels=${LEVELS:-10 13 15 20 30}
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
rms() { sox "$@" -n stat 2>&1 | awk '/RMS.*amplitude/ { print $3 }'; }
for voice in slt rms awb kal16; do
    n=0
    echo "$text" | tr '\n' ' ' | tr . '\n' | while read -r sentence; do
        [ -n "$sentence" ] || continue
        n=$((n + 1))
        flite -voice $voice -t "$sentence." -o "$dir/one.wav"
        sox "$dir/one.wav" -r 48000 -c 1 -b 32 -e float "$dir/$voice.$n.wav" norm -9
    done
    loud=$(rms "$dir/$voice".?.wav)
    for file in "$dir/$voice".?.wav; do sox "$file" "$dir/padded.wav" pad 0 1.2 && mv "$dir/padded.wav" "$file"; done
    sox "$dir/$voice".?.wav "$dir/$voice.whole.wav" pad 1 1
    sox "$dir/$voice.whole.wav" "$dir/$voice.clean.wav" highpass -2 70
    seconds=$(soxi -D "$dir/$voice.whole.wav")
    for noise in pinknoise brownnoise whitenoise; do
        sox -R -n -r 48000 -c 1 -b 32 -e float "$dir/noise.wav" synth "$seconds" $noise vol 0.1
        for snr in $levels; do
            level=$(awk "BEGIN { print $loud / $(rms "$dir/noise.wav") * 10 ^ (-$snr / 20) }")
            noisy=$dir/noisy.wav
            sox -m -v 1 "$dir/$voice.whole.wav" -v "$level" "$dir/noise.wav" -b 32 -e float "$noisy"
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
            sox "$noisy" -b 32 -e float "$dir/as-it-came.wav" highpass -2 70
            "$plain" 0.875 "$dir/as-it-came.wav" "$dir/nnnoiseless.wav"
            "$compare" "$dir/$voice.clean.wav" "$noisy" "$dir/as-it-came.wav" "$dir/nnnoiseless.wav" $files | sed "s|$dir/||; s/^/$voice $noise $snr /" >>"$dir/figures"
        done
    done
done
[ -n "${ALL:-}" ] && cat "$dir/figures"
for snr in $levels; do
    printf '%-16s %6s %14s %12s %10s %16s\n' "$snr dB, mean of 12" delay 'pauses quieter' 'distance dB' 'SI-SDR dB' 'without delay dB'
    awk -v snr=$snr '$3 == snr { sub(/\.wav/, "", $4); n[$4]++; d[$4] += $6; p[$4] += $8; l[$4] += $10; r[$4] += $12; u[$4] += $14 }
        END { for (name in n) printf "%-16s %6.0f %14.1f %12.2f %10.1f %16.1f\n", name, d[name] / n[name], p[name] / n[name], l[name] / n[name], r[name] / n[name], u[name] / n[name] }' "$dir/figures" | sort
done
