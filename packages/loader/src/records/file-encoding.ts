import { isUtf8 } from 'node:buffer'
import type { EncodingMetadata } from '../readers/decode-text.ts'
import { hasZeroByte } from '../readers/decode/binary-content.ts'
import { contentKind, hasBinarySignature } from '../readers/decode/content-kind.ts'
import { detectEncoding } from '../readers/decode/detect-encoding.ts'
import { guessUtf16 } from '../readers/decode/utf16-guess.ts'
import { RecordFileError } from './raw-record.ts'

/** How the bytes of a file of rows become text. */
export interface FileEncoding {
  /** What tells columns and rows apart: in `latin1` every byte is a character, which `decode` makes text of. */
  readonly rows: 'utf8' | 'utf16le' | 'latin1'
  /** The text of a column from what stands in its row. */
  decode(column: string): string
  readonly metadata: EncodingMetadata
}

function same(column: string): string {
  return column
}

const utf8: FileEncoding = { rows: 'utf8', decode: same, metadata: {} }

function utf16(metadata: EncodingMetadata): FileEncoding {
  return { rows: 'utf16le', decode: same, metadata: { encoding: 'utf-16le', ...metadata } }
}

function unreadable(encoding: string): RecordFileError {
  return new RecordFileError(`it is in ${encoding}, which is not read row by row; save it as UTF-8`)
}

/** Whether the begin of a file is UTF-8; its last character may be cut. */
function beginsAsUtf8(head: Uint8Array): boolean {
  return [0, 1, 2, 3].some((cut) => isUtf8(head.subarray(0, Math.max(head.length - cut, 0))))
}

function tellZeros(head: Uint8Array): FileEncoding {
  const guess = guessUtf16(head.subarray(0, head.length & ~1))
  if (guess === 'utf-16le') return utf16({ encodingGuessed: true })
  throw guess === undefined ? new RecordFileError('it is not text: it holds zero bytes') : unreadable(guess)
}

/**
 * Tells the encoding of a file of rows by its begin: byte order mark, UTF-16 by its zero bytes, strict UTF-8, detection. Throws a
 * `RecordFileError` for what is no text, and for encodings in which rows cannot be found.
 */
export async function tellFileEncoding(head: Uint8Array): Promise<FileEncoding> {
  const [first, second, third, fourth] = head
  if (first === 0xff && second === 0xfe && !(third === 0 && fourth === 0)) return utf16({})
  if (first === 0xfe && second === 0xff) throw unreadable('utf-16be')
  if (hasBinarySignature(head)) throw new RecordFileError(`it is not text, but ${contentKind(head) ?? 'binary'}`)
  if (hasZeroByte(head)) return tellZeros(head)
  if (beginsAsUtf8(head)) return utf8
  const encoding = await detectEncoding(head)
  // Rows that are not UTF-8 are then told one by one.
  if (encoding === undefined || encoding === 'binary' || encoding === 'utf-8') return utf8
  const iconv = (await import('iconv-lite')).default
  if (encoding.startsWith('iso-2022') || !iconv.encodingExists(encoding)) throw unreadable(encoding)
  return {
    rows: 'latin1',
    decode: (column) => iconv.decode(Buffer.from(column, 'latin1'), encoding),
    metadata: { encoding, encodingGuessed: true },
  }
}
