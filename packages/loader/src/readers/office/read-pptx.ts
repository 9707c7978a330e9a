import type { Block } from './blocks.ts'
import type { OfficeDocument, Part } from './office-document.ts'
import { joinParts } from './office-document.ts'
import { attribute, parseXml, relationshipId } from './parse-xml.ts'
import { readCoreProperties } from './read-core-properties.ts'
import { readRelationships } from './read-relationships.ts'
import { createTableCollector } from './table-collector.ts'
import type { ZipArchive } from './zip-archive.ts'

/** Placeholders whose text is not the author's: numbers, dates, footers, and on notes the picture of the slide. */
const furniture: ReadonlySet<string> = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg'])

type Placeholder = 'title' | 'furniture' | 'other'

function placeholderKind(type: string | undefined): Placeholder {
  if (type === undefined) return 'other'
  if (type === 'title' || type === 'ctrTitle') return 'title'
  return furniture.has(type) ? 'furniture' : 'other'
}

async function readShapes(archive: ZipArchive, part: string): Promise<Block[]> {
  const blocks: Block[] = []
  const tables = createTableCollector()
  let paragraph: string | undefined
  let inText = false
  let skipped = 0
  let placeholder: Placeholder = 'other'
  const endParagraph = (): void => {
    const text = paragraph ?? ''
    paragraph = undefined
    if (text.trim() === '' || placeholder === 'furniture') return
    if (tables.isOpen) tables.addText(text)
    else if (placeholder === 'title') blocks.push({ type: 'heading', level: 1, text })
    else blocks.push({ type: 'paragraph', text })
  }
  await parseXml(archive.read(part), {
    open(name, attributes) {
      if (skipped > 0 || name === 'Fallback') skipped++
      else if (name === 'sp' || name === 'graphicFrame') placeholder = 'other'
      else if (name === 'ph') placeholder = placeholderKind(attribute(attributes, 'type'))
      else if (name === 'p') paragraph = ''
      else if (name === 't') inText = true
      else if (name === 'br' && paragraph !== undefined) paragraph += '\n'
      else if (name === 'tbl') tables.openTable()
      else if (name === 'tr') tables.openRow()
      else if (name === 'tc') tables.openCell()
    },
    text(text) {
      if (inText && skipped === 0 && paragraph !== undefined) paragraph += text
    },
    close(name) {
      if (skipped > 0) skipped--
      else if (name === 't') inText = false
      else if (name === 'p') endParagraph()
      else if (name === 'tc') tables.closeCell()
      else if (name === 'tr') tables.closeRow()
      else if (name === 'tbl') {
        const table = tables.closeTable()
        if (table !== undefined) blocks.push(table)
      }
    },
  })
  return blocks
}

/** The slides in the order in which they are shown. */
async function listSlides(archive: ZipArchive): Promise<string[]> {
  const presentation = 'ppt/presentation.xml'
  const ids: string[] = []
  await parseXml(archive.read(presentation), {
    open(name, attributes) {
      const id = name === 'sldId' ? relationshipId(attributes) : undefined
      if (id !== undefined) ids.push(id)
    },
  })
  const relationships = await readRelationships(archive, presentation)
  return ids.flatMap((id) => relationships.get(id)?.target ?? [])
}

async function readSlide(archive: ZipArchive, slide: string, page: number): Promise<Part> {
  const blocks = await readShapes(archive, slide)
  for (const { type, target } of (await readRelationships(archive, slide)).values()) {
    if (type === 'notesSlide' && archive.has(target)) blocks.push(...(await readShapes(archive, target)))
  }
  return { place: { page }, blocks }
}

/** Reads a presentation (ECMA-376): a segment for each slide, titles as headings, tables, speaker's notes below. */
export async function readPptx(archive: ZipArchive): Promise<OfficeDocument> {
  const slides = await listSlides(archive)
  const parts: Part[] = []
  for (const [index, slide] of slides.entries()) {
    if (archive.has(slide)) parts.push(await readSlide(archive, slide, index + 1))
  }
  const declared = await readCoreProperties(archive, 'docProps/core.xml')
  return { ...joinParts(parts), declared, pageCount: slides.length }
}
