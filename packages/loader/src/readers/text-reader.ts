import { decodeText } from './decode-text.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

/** Endings of files that are prose or lines of text without markup worth parsing. */
const plainTextExtensions: readonly string[] = [
  '.txt',
  '.text',
  '.log',
  '.rst',
  '.rest',
  '.adoc',
  '.asciidoc',
  '.org',
  '.textile',
  '.wiki',
  '.mediawiki',
  '.creole',
  '.pod',
  '.rdoc',
  '.tex',
  '.csv',
  '.tsv',
  '.srt',
  '.vtt',
  '.nfo',
]

async function readText({ bytes, sourceId, signal }: ReadRequest): Promise<ReadResult> {
  signal?.throwIfAborted()
  const { text, encoding } = await decodeText(bytes, { sourceId })
  return { pageContent: text, metadata: encoding === undefined ? {} : { encoding } }
}

/** Reads plain text as it stands. `metadata.encoding` names the encoding where it had to be guessed. */
export const textReader: Reader = {
  name: 'text',
  version: 1,
  mediaType: 'text/plain',
  extensions: plainTextExtensions,
  read: readText,
}
