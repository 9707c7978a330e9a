import type { DeclaredMetadata } from '../document-metadata.ts'
import { parseXml } from './parse-xml.ts'
import type { ZipArchive } from './zip-archive.ts'

/** Elements of a vocabulary and the metadata that they hold, by local name. */
export type PropertyNames = Readonly<Record<string, string>>

/** Of Open XML (`docProps/core.xml`). */
export const openXmlProperties: PropertyNames = {
  title: 'title',
  creator: 'author',
  created: 'date',
  language: 'language',
  description: 'description',
  subject: 'subject',
}

/** Of OpenDocument (`meta.xml`): its `dc:creator` is who changed the document last. */
export const openDocumentProperties: PropertyNames = {
  title: 'title',
  'initial-creator': 'author',
  'creation-date': 'date',
  language: 'language',
  description: 'description',
  subject: 'subject',
}

/** Of books (EPUB packages): `dc:date` is when they appeared. */
export const bookProperties: PropertyNames = {
  title: 'title',
  creator: 'author',
  date: 'date',
  language: 'language',
  description: 'description',
  subject: 'subject',
}

/** A longer value is not read: metadata travels with every chunk. */
const longest = 2000
/** A book may have several authors; of other things the first counts. */
const mostAuthors = 20

function summary(values: ReadonlyMap<string, readonly string[]>): DeclaredMetadata {
  return Object.fromEntries([...values].map(([key, found]) => [key, key === 'author' ? found.join(', ') : found[0]]))
}

/** What a document says of itself in an XML file of properties; nothing where the archive has none. */
export async function readCoreProperties(
  archive: ZipArchive,
  part: string,
  names: PropertyNames,
): Promise<DeclaredMetadata> {
  const values = new Map<string, string[]>()
  if (!archive.has(part)) return {}
  let key: string | undefined
  let value = ''
  const take = (): void => {
    const text = value.trim()
    if (key === undefined || text === '' || value.length > longest) return
    const found = values.get(key) ?? []
    if (found.length < mostAuthors && !found.includes(text)) values.set(key, [...found, text])
  }
  await parseXml(
    archive.read(part),
    {
      open(element) {
        key = Object.hasOwn(names, element) ? names[element] : undefined
        value = ''
      },
      text(text) {
        if (key !== undefined && value.length <= longest) value += text
      },
      close() {
        take()
        key = undefined
      },
    },
    { doctype: true },
  )
  return summary(values)
}
