import { findMainPart, relatedPart } from './main-part.ts'
import type { OfficeDocument } from './office-document.ts'
import { createPartWriter } from './office-document.ts'
import { attribute, parseXml, relationshipId } from './parse-xml.ts'
import { openXmlProperties, readCoreProperties } from './read-core-properties.ts'
import { readRelationships } from './read-relationships.ts'
import { readDateStyles } from './sheet/cell-styles.ts'
import { readSheet } from './sheet/read-sheet.ts'
import type { Workbook } from './sheet/read-sheet.ts'
import { readSharedStrings } from './sheet/shared-strings.ts'
import { presentParts } from './present-parts.ts'
import type { ZipArchive } from './zip-archive.ts'

interface SheetEntry {
  readonly name: string
  readonly id: string
}

async function readContents(archive: ZipArchive, part: string) {
  const sheets: SheetEntry[] = []
  let dateSystem: Workbook['dateSystem'] = 1900
  await parseXml(archive.read(part), {
    open(name, attributes) {
      if (name === 'workbookPr' && /^(?:1|true)$/.test(attribute(attributes, 'date1904') ?? '')) dateSystem = 1904
      const id = name === 'sheet' ? relationshipId(attributes) : undefined
      if (id !== undefined) sheets.push({ id, name: attribute(attributes, 'name') ?? '' })
    },
  })
  return { sheets, dateSystem }
}

/** Reads a workbook (ECMA-376): each sheet is a heading, a table, and a segment, hidden sheets too. Charts and comments are left out. */
export async function readXlsx(archive: ZipArchive): Promise<OfficeDocument> {
  const main = await findMainPart(archive, 'xl/workbook.xml')
  const { sheets, dateSystem } = await readContents(archive, main)
  const relationships = await readRelationships(archive, main)
  const related = (type: string): string | undefined =>
    relatedPart(archive, relationships, { type, usualName: `xl/${type}.xml` })
  const workbook = {
    dateSystem,
    strings: await readSharedStrings(archive, related('sharedStrings')),
    dateStyles: await readDateStyles(archive, related('styles')),
  }
  const targets = sheets.map(({ id }) => relationships.get(id)?.target ?? `sheet ${id}`)
  const { present, missing } = presentParts(archive, targets)
  const writer = createPartWriter()
  for (const [index, { name }] of sheets.entries()) {
    const target = targets[index]
    if (target === undefined || !present.has(target)) continue
    const rows = await readSheet(archive, target, workbook)
    if (rows.length === 0) continue
    const heading = { type: 'heading', level: 1, text: name } as const
    writer.add({ sheet: name }, [heading, { type: 'table', rows }])
  }
  return {
    ...writer.finish(),
    declared: await readCoreProperties(archive, 'docProps/core.xml', openXmlProperties),
    missingParts: missing,
  }
}
