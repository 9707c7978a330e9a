/** What a file is whose first bytes are these. */
interface Signature {
  /** In Latin-1. */
  readonly start: string
  /** With its article. */
  readonly kind: string
  /** No text begins like this. The others give themselves away by zero bytes where they are not text. */
  readonly neverText: boolean
}

function signature(start: string, kind: string, neverText = true): Signature {
  return { start, kind, neverText }
}

const signatures: readonly Signature[] = [
  signature('%PDF-1.', 'a PDF document'),
  signature('%PDF-2.', 'a PDF document'),
  signature('PK\u0003\u0004', 'a ZIP archive, as office documents are'),
  signature('\u00d0\u00cf\u0011\u00e0', 'an office document that is older than 2007 or has a password'),
  signature(String.raw`{\rtf1`, 'an RTF document'),
  signature('\u0089PNG', 'a PNG image'),
  signature('\u00ff\u00d8\u00ff', 'a JPEG image'),
  signature('\u001f\u008b', 'a gzip archive'),
  signature('BZh91AY&SY', 'a bzip2 archive'),
  signature('\u00fd7zXZ', 'an xz archive'),
  signature('(\u00b5/\u00fd', 'a Zstandard archive'),
  signature('7z\u00bc\u00af', 'a 7z archive'),
  signature('Rar!\u001a', 'a RAR archive'),
  signature('\u007fELF', 'a program'),
  signature('\u00ca\u00fe\u00ba\u00be', 'a program'),
  signature('GIF87a', 'a GIF image', false),
  signature('GIF89a', 'a GIF image', false),
  signature('II*\0', 'a TIFF image', false),
  signature('MM\0*', 'a TIFF image', false),
  signature('RIFF', 'a sound, a film or a WebP image', false),
  signature('OggS', 'a sound or a film', false),
  signature('ID3', 'a sound (MP3)', false),
  signature('MZ', 'a program', false),
  signature('SQLite format 3\0', 'an SQLite database', false),
]

const webPage = /^(?:\u00EF\u00BB\u00BF)?\s{0,200}(?:<!doctype html|<html[\s>])/i
const headBytes = 512

function headOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, headBytes)).toString('latin1')
}

/** What a file is by its first bytes, with its article (`a PDF document`); undefined for what they do not tell. */
export function contentKind(bytes: Uint8Array): string | undefined {
  const head = headOf(bytes)
  const found = signatures.find(({ start }) => head.startsWith(start))
  if (found !== undefined) return found.kind
  return webPage.test(head) ? 'a web page (HTML)' : undefined
}

/** Whether the first bytes are those of a format that is no text. */
export function hasBinarySignature(bytes: Uint8Array): boolean {
  const head = headOf(bytes)
  return signatures.some(({ start, neverText }) => neverText && head.startsWith(start))
}
