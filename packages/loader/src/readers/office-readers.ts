import { QuernError } from '@quern/core'
import type { SourceErrorCode } from '@quern/core'
import { normalizeText } from './decode-text.ts'
import { documentMetadata } from './document-metadata.ts'
import { firstHeading } from './markdown/first-heading.ts'
import type { OfficeReply } from './office/office-messages.ts'
import type { OfficeDocument } from './office/office-document.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'
import { createWorkerHost } from './worker/worker-host.ts'

/** Readers that share a worker thread, started by the first file. */
export interface OfficeReaders {
  readonly readers: readonly Reader[]
  /** Ends the worker. Safe to call twice. */
  close(): Promise<void>
}

export interface OfficeReadersOptions {
  /** Module that the worker runs; for tests. */
  readonly workerUrl?: URL
}

// The worker's own module stands beside this one, as source or compiled.
const ownWorkerUrl = import.meta.url.endsWith('.ts')
  ? new URL('./office/office-worker.ts', import.meta.url)
  : new URL('./office/office-worker.js', import.meta.url)

const openXml = 'application/vnd.openxmlformats-officedocument'
const openDocument = 'application/vnd.oasis.opendocument'

const formats: readonly Pick<Reader, 'name' | 'mediaType' | 'extensions'>[] = [
  { name: 'docx', mediaType: `${openXml}.wordprocessingml.document`, extensions: ['.docx', '.docm'] },
  { name: 'pptx', mediaType: `${openXml}.presentationml.presentation`, extensions: ['.pptx', '.pptm'] },
  { name: 'xlsx', mediaType: `${openXml}.spreadsheetml.sheet`, extensions: ['.xlsx', '.xlsm'] },
  { name: 'odt', mediaType: `${openDocument}.text`, extensions: ['.odt'] },
  { name: 'ods', mediaType: `${openDocument}.spreadsheet`, extensions: ['.ods'] },
  { name: 'odp', mediaType: `${openDocument}.presentation`, extensions: ['.odp'] },
  { name: 'epub', mediaType: 'application/epub+zip', extensions: ['.epub'] },
]

const hints: Partial<Record<SourceErrorCode, string>> = {
  ENCRYPTED: 'Save a copy without a password, in the current format of the program.',
  RESOURCE_LIMIT: 'Split the file, or exclude it.',
}

/** Titles that programs give to documents without one. */
const noTitles: ReadonlySet<unknown> = new Set(['PowerPoint Presentation', 'Presentation', 'Untitled', 'Unknown'])

function toResult(document: OfficeDocument): ReadResult {
  const { text, declared, segments, pageCount } = document
  const pageContent = normalizeText(text)
  const title = noTitles.has(declared['title']) ? undefined : declared['title']
  return {
    pageContent,
    metadata: {
      ...documentMetadata({ ...declared, title: title ?? firstHeading(pageContent) }),
      ...(pageCount === undefined ? {} : { pageCount }),
    },
    ...(segments === undefined ? {} : { segments }),
  }
}

function toReadResult({ sourceId }: ReadRequest, reply: OfficeReply): ReadResult {
  if (reply.type === 'read') return toResult(reply.document)
  throw new QuernError(reply.code, `${sourceId} cannot be read: ${reply.message}`, {
    hint: hints[reply.code] ?? 'Open the file with another program, and save or download it again.',
  })
}

/**
 * Creates the readers of Word, PowerPoint, Excel, OpenDocument and EPUB files. Files are read one at a time in a worker thread, which is
 * ended when a file takes longer than `timeoutMs` (counted from its turn), and replaced. What is unpacked is bounded.
 */
export function createOfficeReaders({ workerUrl = ownWorkerUrl }: OfficeReadersOptions = {}): OfficeReaders {
  const host = createWorkerHost<OfficeReply>({
    workerUrl,
    engine: 'the reader of office documents',
    remedy: 'If it happens to every file, install the package again.',
    isSpent: () => false,
  })
  const read = async (request: ReadRequest): Promise<ReadResult> => toReadResult(request, await host.read(request))
  return {
    readers: formats.map(({ name, mediaType, extensions }) => ({ name, mediaType, extensions, version: 1, read })),
    close: () => host.close(),
  }
}
