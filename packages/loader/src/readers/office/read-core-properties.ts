import type { DeclaredMetadata } from '../document-metadata.ts'
import { parseXml } from './parse-xml.ts'
import type { ZipArchive } from './zip-archive.ts'

/** Elements of Dublin Core and of the formats' own vocabularies, by local name. */
const keys: Readonly<Record<string, string>> = {
  title: 'title',
  creator: 'author',
  'initial-creator': 'author',
  created: 'date',
  'creation-date': 'date',
  language: 'language',
  description: 'description',
  subject: 'subject',
}

/** What a document says of itself in an XML file of properties; nothing where the archive has none. The first value of a key counts. */
export async function readCoreProperties(archive: ZipArchive, name: string): Promise<DeclaredMetadata> {
  const declared: Record<string, string> = {}
  if (!archive.has(name)) return declared
  let key: string | undefined
  let value = ''
  await parseXml(
    archive.read(name),
    {
      open(element) {
        key = keys[element]
        value = ''
      },
      text(text) {
        value += text
      },
      close() {
        if (key !== undefined && value.trim() !== '') declared[key] ??= value.trim()
        key = undefined
      },
    },
    { doctype: true },
  )
  return declared
}
