import { hasManyControlBytes, looksWronglyDecoded } from './binary-content.ts'
import { decodeAs } from './decode-as.ts'
import { detectionSamples } from './detection-sample.ts'

/** Encodings that are read as their superset, as browsers do: it holds the curly quotes which people type. */
const supersets = new Map([
  ['iso-8859-1', 'windows-1252'],
  ['ascii', 'windows-1252'],
])

const replacement = 0xfffd
/** So many characters beyond ASCII show that a text is UTF-8 … */
const leastForeign = 4
/** … with so many of them for each place where it is damaged. Text in another encoding hardly ever has any. */
const soundForDamaged = 10

/** Number of U+FFFD in a text. */
export function countReplacements(text: string): number {
  let count = 0
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', at + 1)) count++
  return count
}

/** Whether a text that was decoded as UTF-8 is just that, damaged in few places. */
function isDamagedUtf8(text: string): boolean {
  let damaged = 0
  let foreign = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === replacement) damaged++
    else if (unit > 127) foreign++
  }
  return foreign >= leastForeign && foreign >= damaged * soundForDamaged
}

/** The likeliest encoding in which a sample shows no sign of error. */
async function guess(bytes: Uint8Array): Promise<string | undefined> {
  const { default: chardet } = await import('chardet')
  const candidates = detectionSamples(bytes).flatMap((sample) =>
    chardet.analyse(sample).map(({ name, confidence }) => ({ name, confidence, sample })),
  )
  candidates.sort((one, other) => other.confidence - one.confidence)
  for (const { name, sample } of candidates) {
    const detected = name.toLowerCase()
    const encoding = supersets.get(detected) ?? detected
    const tried = await decodeAs(sample, encoding)
    if (tried !== undefined && !looksWronglyDecoded(tried)) return encoding
  }
  return undefined
}

/**
 * Guesses the encoding of bytes that are neither sound UTF-8 nor UTF-16: UTF-8 that is damaged in few places, else what statistics say of
 * a sample. Undefined where nothing fits, `binary` for what is no text.
 */
export async function detectEncoding(bytes: Uint8Array): Promise<string | undefined> {
  if (hasManyControlBytes(bytes)) return 'binary'
  if (isDamagedUtf8(new TextDecoder().decode(bytes))) return 'utf-8'
  return guess(bytes)
}
