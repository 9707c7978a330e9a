import { constants, isUtf8 } from 'node:buffer'
import { hasBinarySignature, hasManyControlBytes, hasZeroByte, looksWronglyDecoded } from './decode/binary-content.ts'
import { detectionSamples } from './decode/detection-sample.ts'
import { guessUtf16 } from './decode/utf16-guess.ts'
import { binaryContent, encodingUnknown, resourceLimit } from './reader-errors.ts'

/** Text and, where it was guessed, its encoding. */
export interface DecodedText {
  /** Well-formed UTF-16 with `\n` line ends, without a byte order mark and without NUL. */
  readonly text: string
  /** Lower-case name of the encoding, only where neither a byte order mark nor strict UTF-8 nor a declaration settled it. */
  readonly encoding?: string
}

export interface DecodeTextOptions {
  /** Id of the source, for messages. */
  readonly sourceId: string
  /** Encoding that the document declares in itself, as written there. Ignored where unknown or plainly wrong. */
  readonly declaredEncoding?: string | undefined
}

const byteOrderMarks = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-32le', bytes: [0xff, 0xfe, 0, 0] },
  { encoding: 'utf-32be', bytes: [0, 0, 0xfe, 0xff] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
]

/** ISO-2022-JP is pure ASCII with escape sequences, so it passes for UTF-8. */
const iso2022Escapes = ['\u001B$@', '\u001B$B']

/** Encodings that are read as their superset, as browsers do: it holds the curly quotes which people type. */
const supersets = new Map([
  ['iso-8859-1', 'windows-1252'],
  ['ascii', 'windows-1252'],
])

/** `\n` for every line end, no NUL, lone surrogates replaced: what any decoder's text needs. */
export function normalizeText(text: string): string {
  const lines = text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text
  return (lines.includes('\0') ? lines.replaceAll('\0', '') : lines).toWellFormed()
}

/** Decodes with replacement characters where bytes do not fit; undefined where the encoding is unknown here. */
async function decodeAs(bytes: Uint8Array, encoding: string): Promise<string | undefined> {
  if (encoding.startsWith('utf-8') || encoding.startsWith('utf-16')) return new TextDecoder(encoding).decode(bytes)
  const iconv = (await import('iconv-lite')).default
  if (iconv.encodingExists(encoding)) return iconv.decode(bytes, encoding)
  try {
    return new TextDecoder(encoding).decode(bytes)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The WHATWG name of a declared encoding; undefined for unknown ones and for UTF, which is told without a declaration. */
function declaredName(declared: string | undefined): string | undefined {
  if (declared === undefined) return undefined
  try {
    const name = new TextDecoder(declared).encoding
    return name.startsWith('utf') ? undefined : name
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

async function decodeDeclared(bytes: Uint8Array, declared: string | undefined): Promise<string | undefined> {
  const name = declaredName(declared)
  if (name === undefined) return undefined
  const text = await decodeAs(bytes, name)
  return text?.includes('\uFFFD') === true ? undefined : text
}

async function decodeDetected(bytes: Uint8Array, sourceId: string): Promise<DecodedText> {
  if (hasManyControlBytes(bytes)) throw binaryContent(sourceId, 'more than 2 % of it are control characters')
  const { default: chardet } = await import('chardet')
  const candidates = detectionSamples(bytes).flatMap((sample) =>
    chardet.analyse(sample).map(({ name, confidence }) => ({ name, confidence, sample })),
  )
  candidates.sort((one, other) => other.confidence - one.confidence)
  // The likeliest one in which the sample shows no sign of error.
  for (const { name, sample } of candidates) {
    const detected = name.toLowerCase()
    const encoding = supersets.get(detected) ?? detected
    const tried = await decodeAs(sample, encoding)
    const text = tried === undefined || looksWronglyDecoded(tried) ? undefined : await decodeAs(bytes, encoding)
    if (text !== undefined) return { text: normalizeText(text), encoding }
  }
  throw encodingUnknown(sourceId)
}

/**
 * Decodes the bytes of a text file. In this order: byte order mark, UTF-16 by its zero bytes, the document's own declaration,
 * strict UTF-8, detection on a sample. Rejects with `BINARY` for what is no text, `ENCODING_UNKNOWN` for text that nothing
 * fits, `RESOURCE_LIMIT` for text longer than a string can be.
 */
export async function decodeText(bytes: Uint8Array, options: DecodeTextOptions): Promise<DecodedText> {
  const { sourceId, declaredEncoding } = options
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    throw resourceLimit(sourceId, `${bytes.length} bytes, and a text can have ${constants.MAX_STRING_LENGTH}`)
  }
  const mark = byteOrderMarks.find((candidate) => candidate.bytes.every((byte, at) => bytes[at] === byte))
  if (mark !== undefined) {
    const text = (await decodeAs(bytes, mark.encoding)) ?? ''
    const sound = mark.encoding === 'utf-8' && isUtf8(bytes)
    if (!sound && looksWronglyDecoded(text))
      throw binaryContent(sourceId, `it begins like ${mark.encoding}, but goes on otherwise`)
    return { text: normalizeText(text) }
  }
  if (hasBinarySignature(bytes)) throw binaryContent(sourceId, 'its first bytes are those of a binary format')
  if (hasZeroByte(bytes)) {
    const encoding = guessUtf16(bytes)
    const text = encoding === undefined ? undefined : await decodeAs(bytes, encoding)
    if (encoding === undefined || text === undefined || looksWronglyDecoded(text)) {
      throw binaryContent(sourceId, 'it holds zero bytes')
    }
    return { text: normalizeText(text), encoding }
  }
  const declared = await decodeDeclared(bytes, declaredEncoding)
  if (declared !== undefined) return { text: normalizeText(declared) }
  if (isUtf8(bytes)) {
    const text = new TextDecoder().decode(bytes)
    if (!iso2022Escapes.some((escape) => text.includes(escape))) return { text: normalizeText(text) }
  }
  return decodeDetected(bytes, sourceId)
}
