//! Samples into Ogg Opus (RFC 7845).

use std::fs::File;
use std::io::BufWriter;

use crc32fast::Hasher;
use lorecast_model::{Encoding, OpusFormat};
use opus_pure::{
    Application, Error, MAX_PACKET_BYTES, OggOpusWriter, OpusEncoder, OpusHead, OpusTags,
    RateControl,
};

use super::comments;
use crate::SAMPLE_RATE;
use crate::coded::{Encode, Failure};
use crate::tags::Shown;

/// Samples of one packet: 20 ms.
const PACKET: usize = SAMPLE_RATE as usize / 50;

/// How the Opus file is made.
pub(crate) struct Coding {
    pub(crate) format: OpusFormat,
    pub(crate) channels: u16,
}

impl crate::coded::Coding for Coding {
    fn encoding(&self) -> Encoding {
        Encoding::Opus
    }

    fn start(&self, file: File, shown: &Shown<'_>) -> Result<Box<dyn Encode>, Failure> {
        let encoder = self.encoder()?;
        let head = OpusHead::for_encoder(&encoder, SAMPLE_RATE);
        let pre_skip = u64::from(head.pre_skip);
        let file = BufWriter::with_capacity(1 << 16, file);
        Ok(Box::new(Encoder {
            writer: OggOpusWriter::with_serial(file, head, tags(shown)?, serial(shown))?,
            encoder,
            channels: usize::from(self.channels),
            pre_skip,
            heard: 0,
            waiting: Vec::new(),
            packet: vec![0; MAX_PACKET_BYTES],
        }))
    }

    fn head(&self, shown: &Shown<'_>) -> Result<Vec<u8>, Failure> {
        let head = OpusHead::for_encoder(&self.encoder()?, SAMPLE_RATE);
        let writer = OggOpusWriter::with_serial(Vec::new(), head, tags(shown)?, serial(shown))?;
        Ok(writer.get_ref().cloned().unwrap_or_default())
    }
}

impl Coding {
    fn encoder(&self) -> Result<OpusEncoder, Failure> {
        let channels = usize::from(self.channels);
        let mut encoder = OpusEncoder::new(SAMPLE_RATE as i32, channels, Application::Audio)?;
        let kbps = self.format.kbps.unwrap_or(if self.channels == 1 { 48 } else { 64 });
        encoder.bitrate_bps = i32::from(kbps) * 1000;
        encoder.rate_control = RateControl::Vbr;
        encoder.complexity = 10;
        Ok(encoder)
    }
}

/// Encodes into the pages of an Ogg file.
struct Encoder {
    writer: OggOpusWriter<BufWriter<File>>,
    encoder: OpusEncoder,
    channels: usize,
    /// Frames that the encoder puts before the sound.
    pre_skip: u64,
    /// Frames that came in.
    heard: u64,
    /// Interleaved, less than a packet.
    waiting: Vec<f32>,
    packet: Vec<u8>,
}

impl Encode for Encoder {
    fn write(&mut self, samples: &[f32], copies: usize) -> Result<(), Failure> {
        self.heard += (samples.len() * copies / self.channels) as u64;
        let samples = samples.iter().flat_map(|sample| std::iter::repeat_n(*sample, copies));
        self.waiting.extend(samples);
        let whole = PACKET * self.channels;
        let mut at = 0;
        while self.waiting.len() - at >= whole {
            let length =
                self.encoder.encode(&self.waiting[at..at + whole], PACKET, &mut self.packet)?;
            self.writer.write_packet(&self.packet[..length])?;
            at += whole;
        }
        self.waiting.drain(..at);
        Ok(())
    }

    /// The encoder is behind by its delay, so silence follows until the last sample is out; the file
    /// says that it is not part of the sound (RFC 7845 section 4.4).
    fn finish(mut self: Box<Self>) -> Result<(), Failure> {
        let end = self.pre_skip + self.heard;
        let mut block = std::mem::take(&mut self.waiting);
        while (self.writer.granule() as u64) < end {
            block.resize(PACKET * self.channels, 0.0);
            let length = self.encoder.encode(&block, PACKET, &mut self.packet)?;
            let left = (end - self.writer.granule() as u64).min(PACKET as u64);
            self.writer.write_packet_with_duration(&self.packet[..length], left as u32)?;
            block.clear();
        }
        self.writer.finish()?;
        Ok(())
    }
}

fn tags(shown: &Shown<'_>) -> Result<OpusTags, Failure> {
    let mut tags = OpusTags::new();
    for (name, value) in comments::of(shown) {
        tags.push(&name, &value)?;
    }
    Ok(tags)
}

/// A number that tells streams apart when they are put into one file: the same for the same episode,
/// however loud it came out.
fn serial(shown: &Shown<'_>) -> u32 {
    let mut sum = Hasher::new();
    for (name, value) in comments::of(shown) {
        if !name.starts_with("R128") {
            sum.update(name.as_bytes());
            sum.update(value.as_bytes());
        }
    }
    sum.finalize()
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Io(error) => Self::Write(error),
            other => Self::Encoder(other.to_string()),
        }
    }
}
