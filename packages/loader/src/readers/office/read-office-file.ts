import type { OfficeDocument } from './office-document.ts'
import { OfficeError } from './office-error.ts'
import { readDocx } from './read-docx.ts'
import { readEpub } from './read-epub.ts'
import { readOdf } from './read-odf.ts'
import { readPptx } from './read-pptx.ts'
import { readXlsx } from './read-xlsx.ts'
import type { ZipArchive } from './zip-archive.ts'
import { openZipArchive } from './zip-archive.ts'

type ReadArchive = (archive: ZipArchive, sourceId: string) => Promise<OfficeDocument>

/** How the files with an ending are read. */
const readers: ReadonlyMap<string, ReadArchive> = new Map([
  ['.docx', readDocx],
  ['.docm', readDocx],
  ['.pptx', readPptx],
  ['.pptm', readPptx],
  ['.xlsx', readXlsx],
  ['.xlsm', readXlsx],
  ['.odt', readOdf],
  ['.ods', readOdf],
  ['.odp', readOdf],
  ['.epub', readEpub],
])

/** An office document to read. */
export interface OfficeFile {
  readonly bytes: Uint8Array
  /** Id of the source, for messages. */
  readonly sourceId: string
  /** The ending of its name, lower case, with its dot. */
  readonly extension: string
}

/** Reads a document that is a ZIP archive of XML, by the ending of its name. Rejects with an `OfficeError`. */
export async function readOfficeFile({ bytes, sourceId, extension }: OfficeFile): Promise<OfficeDocument> {
  const read = readers.get(extension)
  if (read === undefined) throw new OfficeError('CORRUPT', 'its ending is none of an office document')
  return read(await openZipArchive(bytes), sourceId)
}
