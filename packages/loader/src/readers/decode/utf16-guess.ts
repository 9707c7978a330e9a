/** Byte order of UTF-16 text. */
export type Utf16 = 'utf-16le' | 'utf-16be'

const sampleBytes = 65_536

/** Share of code units that must have a zero byte, and how many times more often in one position than in the other. */
const leastZeroShare = 0.02
const leastLead = 4

/**
 * Recognises UTF-16 without a byte order mark by where its zero bytes stand: any line break, space, digit or Latin letter has its
 * zero byte on the same side. Undefined where the bytes do not look like UTF-16.
 */
export function guessUtf16(bytes: Uint8Array): Utf16 | undefined {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return undefined
  const units = Math.min(bytes.length, sampleBytes) >> 1
  let even = 0
  let odd = 0
  for (let i = 0; i < units * 2; i += 2) {
    if (bytes[i] === 0) even++
    if (bytes[i + 1] === 0) odd++
  }
  if (odd > units * leastZeroShare && odd > even * leastLead) return 'utf-16le'
  if (even > units * leastZeroShare && even > odd * leastLead) return 'utf-16be'
  return undefined
}
