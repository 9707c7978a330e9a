import { posix } from 'node:path'
import { QuernError } from '@quern/core'
import type { SourceErrorCode } from '@quern/core'
import { normalizeText } from './decode-text.ts'
import { documentMetadata } from './document-metadata.ts'
import { firstHeading } from './markdown/first-heading.ts'
import type { OfficeDocument } from './office/office-document.ts'
import { OfficeError } from './office/office-error.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

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
  const { text, declared, segments, pageCount, missingParts = 0 } = document
  const pageContent = normalizeText(text)
  const title = noTitles.has(declared['title']) ? undefined : declared['title']
  return {
    pageContent,
    metadata: {
      ...documentMetadata({ ...declared, title: title ?? firstHeading(pageContent) }),
      ...(pageCount === undefined ? {} : { pageCount }),
      ...(missingParts === 0 ? {} : { missingParts }),
    },
    ...(segments === undefined ? {} : { segments }),
  }
}

async function readOffice({ bytes, sourceId }: ReadRequest): Promise<ReadResult> {
  const extension = posix.extname(sourceId).toLowerCase()
  const { readOfficeFile } = await import('./office/read-office-file.ts')
  try {
    return toResult(await readOfficeFile({ bytes, sourceId, extension }))
  } catch (error) {
    if (!(error instanceof OfficeError)) throw error
    throw new QuernError(error.code, `${sourceId} cannot be read: ${error.message}`, {
      hint: hints[error.code] ?? 'Open the file with another program, and save or download it again.',
      cause: error,
    })
  }
}

/** Readers of Word, PowerPoint, Excel, OpenDocument and EPUB files. What is unpacked is bounded. */
export const officeReaders: readonly Reader[] = formats.map(({ name, mediaType, extensions }) => ({
  name,
  mediaType,
  extensions,
  version: 2,
  read: readOffice,
}))
