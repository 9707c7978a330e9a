import { decodeText } from './decode-text.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

/** Endings of files that are prose or lines of text without markup worth parsing. */
const plainTextExtensions: readonly string[] = [
  '.txt',
  '.text',
  '.log',
  '.adoc',
  '.asciidoc',
  '.textile',
  '.wiki',
  '.mediawiki',
  '.creole',
  '.pod',
  '.rdoc',
  '.csv',
  '.tsv',
  '.nfo',
]

/** Files of prose that people leave without an ending. */
const plainTextNames: readonly string[] = [
  'authors',
  'bugs',
  'changelog',
  'changes',
  'contributing',
  'contributors',
  'copying',
  'copyright',
  'credits',
  'faq',
  'history',
  'install',
  'licence',
  'license',
  'maintainers',
  'news',
  'notice',
  'readme',
  'thanks',
  'todo',
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
  fileNames: plainTextNames,
  read: readText,
}
