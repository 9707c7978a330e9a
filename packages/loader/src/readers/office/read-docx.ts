import { renderBlocks } from './blocks.ts'
import { readParagraphStyles } from './docx/paragraph-styles.ts'
import { readBlocks } from './docx/read-blocks.ts'
import { findMainPart, relatedPart } from './main-part.ts'
import type { OfficeDocument } from './office-document.ts'
import { openXmlProperties, readCoreProperties } from './read-core-properties.ts'
import { readRelationships } from './read-relationships.ts'
import type { ZipArchive } from './zip-archive.ts'

/** Reads a Word document (ECMA-376): headings, lists, tables, text boxes; foot- and endnotes below. Headers, footers and comments are left out. */
export async function readDocx(archive: ZipArchive): Promise<OfficeDocument> {
  const main = await findMainPart(archive, 'word/document.xml')
  const relationships = await readRelationships(archive, main)
  const related = (type: string): string | undefined =>
    relatedPart(archive, relationships, { type, usualName: `word/${type}.xml` })
  const styles = await readParagraphStyles(archive, related('styles'))
  const blocks = await readBlocks(archive, main, styles)
  for (const type of ['footnotes', 'endnotes']) {
    const part = related(type)
    if (part !== undefined) for (const block of await readBlocks(archive, part, styles)) blocks.push(block)
  }
  return {
    text: renderBlocks(blocks),
    declared: await readCoreProperties(archive, 'docProps/core.xml', openXmlProperties),
  }
}
