const searchedBytes = 1_048_576
const sampleBytes = 65_536

/** Fewer bytes beyond ASCII than this say more within the text around them. */
const leastForeign = 32

/** Longer than what stands in ASCII within a sentence of another script. The first byte may belong to a double-byte character before. */
const asciiRun = /([\t -~])[\t -~]{11,}/g

/**
 * What to judge the encoding by: the first 64 KB, and at most 64 KB in which ASCII is rare. Markup and English around a text of
 * another script outweigh it in the first; a Western European text tells more in full.
 */
export function detectionSamples(bytes: Uint8Array): readonly Uint8Array[] {
  const first = bytes.subarray(0, sampleBytes)
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, searchedBytes))
  const dense = Buffer.from(head.toString('latin1').replaceAll(asciiRun, '$1 '), 'latin1').subarray(0, sampleBytes)
  const foreign = dense.reduce((count, byte) => (byte > 127 ? count + 1 : count), 0)
  return foreign < leastForeign ? [first] : [first, dense]
}
