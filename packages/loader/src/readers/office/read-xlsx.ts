import type { OfficeDocument, Part } from './office-document.ts'
import { joinParts } from './office-document.ts'
import { attribute, parseXml, relationshipId } from './parse-xml.ts'
import { readCoreProperties } from './read-core-properties.ts'
import { readRelationships } from './read-relationships.ts'
import { readDateStyles } from './sheet/cell-styles.ts'
import { readSheet } from './sheet/read-sheet.ts'
import type { Workbook } from './sheet/read-sheet.ts'
import { readSharedStrings } from './sheet/shared-strings.ts'
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

/** Reads a workbook (ECMA-376): each sheet is a heading, a table, and a segment. Charts and hidden formulas are left out. */
export async function readXlsx(archive: ZipArchive): Promise<OfficeDocument> {
  const { sheets, dateSystem } = await readContents(archive, 'xl/workbook.xml')
  const relationships = await readRelationships(archive, 'xl/workbook.xml')
  const workbook = {
    dateSystem,
    strings: await readSharedStrings(archive, 'xl/sharedStrings.xml'),
    dateStyles: await readDateStyles(archive, 'xl/styles.xml'),
  }
  const parts: Part[] = []
  for (const { name, id } of sheets) {
    const target = relationships.get(id)?.target
    if (target === undefined || !archive.has(target)) continue
    const rows = await readSheet(archive, target, workbook)
    if (rows.length === 0) continue
    parts.push({
      place: { sheet: name },
      blocks: [
        { type: 'heading', level: 1, text: name },
        { type: 'table', rows },
      ],
    })
  }
  return { ...joinParts(parts), declared: await readCoreProperties(archive, 'docProps/core.xml') }
}
