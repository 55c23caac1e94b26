//! Opus for symphonia, which has none of its own.

use opus_pure::OpusDecoder;
use symphonia::core::audio::{
    AsGenericAudioBufferRef, AudioBuffer, AudioMut, AudioSpec, GenericAudioBufferRef, layouts,
};
use symphonia::core::codecs::CodecInfo;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{
    AudioCodecParameters, AudioDecoder, AudioDecoderOptions, FinalizeResult,
};
use symphonia::core::codecs::registry::{RegisterableAudioDecoder, SupportedAudioCodec};
use symphonia::core::errors::{Error, Result, decode_error, unsupported_error};
use symphonia::core::packet::PacketRef;

/// Opus is always decoded at this rate (RFC 7845 section 5.1: the other one in the header only tells
/// what was recorded).
const RATE: u32 = 48_000;
/// The longest packet, 120 ms (RFC 6716 section 3.2.5), in frames.
const LONGEST_PACKET: usize = RATE as usize * 120 / 1000;

static SUPPORTED: [SupportedAudioCodec; 1] = [SupportedAudioCodec {
    id: CODEC_ID_OPUS,
    info: CodecInfo { short_name: "opus", long_name: "Opus", profiles: &[] },
}];

/// Decodes the packets of one track.
pub(crate) struct Opus {
    parameters: AudioCodecParameters,
    decoder: OpusDecoder,
    channels: usize,
    head: Head,
    /// Frames that are still to be left out at the start.
    skip: usize,
    samples: Vec<f32>,
    sound: AudioBuffer<f32>,
}

/// What the decoder has to know of `OpusHead` (RFC 7845 section 5.1).
#[derive(Clone, Copy, Debug, PartialEq)]
struct Head {
    /// Frames that the encoder put before the sound.
    pre_skip: usize,
    /// An amplitude factor.
    gain: f32,
}

impl Head {
    /// Without a header nothing is left out and nothing made louder.
    fn read(bytes: &[u8]) -> Self {
        let (pre_skip, gain) = match bytes {
            [b'O', b'p', b'u', b's', b'H', b'e', b'a', b'd', _, _, a, b, _, _, _, _, c, d, ..] => {
                (u16::from_le_bytes([*a, *b]), i16::from_le_bytes([*c, *d]))
            }
            _ => (0, 0),
        };
        // Q7.8 decibels.
        let gain = 10f32.powf(f32::from(gain) / 256.0 / 20.0);
        Self { pre_skip: usize::from(pre_skip), gain }
    }
}

impl AudioDecoder for Opus {
    fn codec_info(&self) -> &CodecInfo {
        &SUPPORTED[0].info
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.parameters
    }

    fn reset(&mut self) {
        // Nothing of it can fail: rate and channels are those that it was made with.
        let _ = self.decoder.reset_state();
        self.skip = self.head.pre_skip;
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        // An empty packet would ask the decoder to make up what was lost.
        if packet.data.is_empty() {
            return decode_error("opus: an empty packet");
        }
        let frames = self
            .decoder
            .decode(packet.data, LONGEST_PACKET, &mut self.samples)
            .map_err(|_| Error::DecodeError("opus: a broken packet"))?;
        let samples = &mut self.samples[..frames * self.channels];
        if self.head.gain != 1.0 {
            samples.iter_mut().for_each(|sample| *sample *= self.head.gain);
        }
        self.sound.clear();
        self.sound.render_uninit(Some(frames));
        self.sound.copy_from_slice_interleaved(&samples);
        let skip = self.skip.min(frames);
        self.skip -= skip;
        let start = (packet.trim_start.get() as usize).max(skip);
        self.sound.trim(start, packet.trim_end.get() as usize);
        Ok(self.sound.as_generic_audio_buffer_ref())
    }

    fn finalize(&mut self) -> FinalizeResult {
        FinalizeResult::default()
    }

    fn last_decoded(&self) -> GenericAudioBufferRef<'_> {
        self.sound.as_generic_audio_buffer_ref()
    }
}

impl RegisterableAudioDecoder for Opus {
    fn try_registry_new(
        parameters: &AudioCodecParameters,
        _: &AudioDecoderOptions,
    ) -> Result<Box<dyn AudioDecoder>> {
        let layout = match parameters.channels.as_ref().map(|channels| channels.count()) {
            Some(1) => layouts::CHANNEL_LAYOUT_MONO,
            Some(2) => layouts::CHANNEL_LAYOUT_STEREO,
            _ => return unsupported_error("opus: more than two channels"),
        };
        let channels = layout.count();
        let decoder = OpusDecoder::new(RATE as i32, channels)
            .map_err(|_| Error::Unsupported("opus: no decoder for it"))?;
        let head = Head::read(parameters.extra_data.as_deref().unwrap_or_default());
        let mut parameters = parameters.clone();
        parameters.sample_rate = Some(RATE);
        Ok(Box::new(Self {
            parameters,
            decoder,
            channels,
            head,
            skip: head.pre_skip,
            samples: vec![0.0; LONGEST_PACKET * channels],
            sound: AudioBuffer::new(AudioSpec::new(RATE, layout), LONGEST_PACKET),
        }))
    }

    fn supported_codecs() -> &'static [SupportedAudioCodec] {
        &SUPPORTED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], pre_skip: usize, gain: f32) {
        let head = Head::read(bytes);
        assert_eq!(head.pre_skip, pre_skip);
        assert!((head.gain - gain).abs() < 1e-3, "{head:?}");
    }

    #[test]
    fn a_header_tells_delay_and_gain() {
        let head = |gain: i16| {
            let mut head = b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0".to_vec();
            head.extend(gain.to_le_bytes());
            head.push(0);
            head
        };
        check(&head(0), 312, 1.0);
        check(&head(-1541), 312, 0.5);
        check(&head(0)[..12], 0, 1.0);
        check(b"", 0, 1.0);
    }
}
