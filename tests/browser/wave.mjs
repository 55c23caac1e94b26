// A recording of a voice, for forms that take one: so many seconds of a tone that swells and fades, as WAV (16 bit, one channel).
const RATE = 16_000;

export function wave(name, seconds) {
  const samples = Int16Array.from({ length: RATE * seconds }, (_, at) => {
    const time = at / RATE;
    return 9_000 * Math.abs(Math.sin(4 * time)) * Math.sin(2 * Math.PI * 220 * time);
  });
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return { name, mimeType: "audio/wav", buffer: Buffer.concat([head, Buffer.from(samples.buffer)]) };
}
