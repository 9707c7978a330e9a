import { readContent } from './odf/read-content.ts'
import type { Part } from './odf/read-content.ts'
import type { OfficeDocument } from './office-document.ts'
import { createPartWriter } from './office-document.ts'
import { OfficeError } from './office-error.ts'
import { parseXml } from './parse-xml.ts'
import { openDocumentProperties, readCoreProperties } from './read-core-properties.ts'
import type { ZipArchive } from './zip-archive.ts'

function refuseEncryptionData(name: string): void {
  if (name === 'encryption-data') throw new OfficeError('ENCRYPTED', 'it needs a password')
}

async function refuseEncrypted(archive: ZipArchive): Promise<void> {
  const manifest = 'META-INF/manifest.xml'
  if (archive.has(manifest)) await parseXml(archive.read(manifest), { open: refuseEncryptionData }, { doctype: true })
}

/** An empty sheet is no more than its name, which is its first block. */
function hasContent({ place, blocks }: Part): boolean {
  const [, ...below] = blocks
  return place.sheet === undefined || below.some((block) => block.type !== 'table' || block.rows.length > 0)
}

/** Reads an OpenDocument text, spreadsheet or presentation (ISO/IEC 26300): headings, lists, tables; a segment for each sheet and slide. */
export async function readOdf(archive: ZipArchive): Promise<OfficeDocument> {
  await refuseEncrypted(archive)
  const parts = await readContent(archive)
  const declared = await readCoreProperties(archive, 'meta.xml', openDocumentProperties)
  const writer = createPartWriter()
  for (const part of parts) if (hasContent(part)) writer.add(part.place, part.blocks)
  const slides = parts.filter(({ place }) => place.page !== undefined).length
  return { ...writer.finish(), declared, ...(slides === 0 ? {} : { pageCount: slides }) }
}
