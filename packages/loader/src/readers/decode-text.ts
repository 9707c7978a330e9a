import { constants, isUtf8 } from 'node:buffer'
import { hasZeroByte, looksWronglyDecoded } from './decode/binary-content.ts'
import { contentKind, hasBinarySignature } from './decode/content-kind.ts'
import { decodeAs, decodeDeclared } from './decode/decode-as.ts'
import { countReplacements, detectEncoding } from './decode/detect-encoding.ts'
import { guessUtf16 } from './decode/utf16-guess.ts'
import { binaryContent, encodingUnknown, resourceLimit } from './reader-errors.ts'

/** What is told of the encoding of a text, as metadata of its document. UTF-8 has none of it. */
export interface EncodingMetadata {
  /** Lower-case name of the encoding, where it is not UTF-8 or had to be guessed. */
  readonly encoding?: string
  /** True where neither a byte order mark nor the document nor strict UTF-8 settled it. */
  readonly encodingGuessed?: true
  /** Number of places that do not fit the encoding, each U+FFFD in the text. Absent for none. */
  readonly undecodedCharacters?: number
}

/** Text and its encoding. */
export interface DecodedText extends EncodingMetadata {
  /** Well-formed UTF-16 with `\n` line ends, without a byte order mark and without NUL. */
  readonly text: string
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

/** `\n` for every line end, no NUL, lone surrogates replaced: what any decoder's text needs. */
export function normalizeText(text: string): string {
  const lines = text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text
  return (lines.includes('\0') ? lines.replaceAll('\0', '') : lines).toWellFormed()
}

/** Text of an encoding that may have had bytes which do not fit. */
function decoded(text: string, encoding: string, guessed = false): DecodedText {
  const undecodedCharacters = countReplacements(text)
  return {
    text: normalizeText(text),
    ...(encoding === 'utf-8' && !guessed ? {} : { encoding }),
    ...(guessed ? { encodingGuessed: true } : {}),
    ...(undecodedCharacters === 0 ? {} : { undecodedCharacters }),
  }
}

async function decodeMarked(bytes: Uint8Array, encoding: string, sourceId: string): Promise<DecodedText> {
  const text = (await decodeAs(bytes, encoding)) ?? ''
  if (encoding === 'utf-8' && isUtf8(bytes)) return { text: normalizeText(text) }
  if (!looksWronglyDecoded(text)) return decoded(text, encoding)
  throw binaryContent(sourceId, `it begins like ${encoding}, but goes on otherwise`)
}

/** Text with zero bytes: UTF-16 or none. */
async function decodeZeros(bytes: Uint8Array, sourceId: string): Promise<DecodedText> {
  const encoding = guessUtf16(bytes)
  const text = encoding === undefined ? undefined : await decodeAs(bytes, encoding)
  if (encoding !== undefined && text !== undefined && !looksWronglyDecoded(text)) return decoded(text, encoding, true)
  const kind = contentKind(bytes)
  throw binaryContent(sourceId, kind === undefined ? 'it holds zero bytes' : `it is ${kind}`)
}

async function decodeDetected(bytes: Uint8Array, sourceId: string): Promise<DecodedText> {
  const encoding = await detectEncoding(bytes)
  if (encoding === 'binary') {
    const kind = contentKind(bytes)
    throw binaryContent(sourceId, kind === undefined ? 'more than 2 % of it are control characters' : `it is ${kind}`)
  }
  const text = encoding === undefined ? undefined : await decodeAs(bytes, encoding)
  if (encoding === undefined || text === undefined) throw encodingUnknown(sourceId)
  return decoded(text, encoding, true)
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
  if (mark !== undefined) return decodeMarked(bytes, mark.encoding, sourceId)
  if (hasBinarySignature(bytes)) throw binaryContent(sourceId, `it is ${contentKind(bytes) ?? 'binary'}`)
  if (hasZeroByte(bytes)) return decodeZeros(bytes, sourceId)
  const declared = await decodeDeclared(bytes, declaredEncoding)
  if (declared !== undefined) return { text: normalizeText(declared.text), encoding: declared.encoding }
  if (isUtf8(bytes)) {
    const text = new TextDecoder().decode(bytes)
    if (!iso2022Escapes.some((escape) => text.includes(escape))) return { text: normalizeText(text) }
  }
  return decodeDetected(bytes, sourceId)
}
