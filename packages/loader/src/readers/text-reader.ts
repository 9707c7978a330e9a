import { posix } from 'node:path'
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

/** Endings with a media type of their own. */
const mediaTypes: ReadonlyMap<string, string> = new Map([
  ['.csv', 'text/csv'],
  ['.tsv', 'text/tab-separated-values'],
])

async function readText({ bytes, sourceId, signal }: ReadRequest): Promise<ReadResult> {
  signal?.throwIfAborted()
  const { text, ...encoding } = await decodeText(bytes, { sourceId })
  const mediaType = mediaTypes.get(posix.extname(sourceId).toLowerCase())
  return { pageContent: text, metadata: { ...(mediaType === undefined ? {} : { mediaType }), ...encoding } }
}

/** Reads plain text as it stands. */
export const textReader: Reader = {
  name: 'text',
  version: 2,
  mediaType: 'text/plain',
  extensions: plainTextExtensions,
  fileNames: plainTextNames,
  read: readText,
}
