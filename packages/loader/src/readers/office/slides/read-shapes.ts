import type { Block } from '../blocks.ts'
import { checkLength } from '../office-document.ts'
import { attribute, parseXml } from '../parse-xml.ts'
import type { XmlAttributes } from '../parse-xml.ts'
import { createTableCollector } from '../table-collector.ts'
import type { ZipArchive } from '../zip-archive.ts'

/** Placeholders whose text is not the author's: numbers, dates, footers, and on notes the picture of the slide. */
const furniture: ReadonlySet<string> = new Set(['sldNum', 'dt', 'ftr', 'hdr', 'sldImg'])

/** What a shape holds. `outline`: the points of a slide, which are a list unless they say otherwise. */
type ShapeKind = 'title' | 'furniture' | 'outline' | 'other'

function placeholderKind(type: string | undefined): ShapeKind {
  if (type === undefined || type === 'body' || type === 'obj') return 'outline'
  if (type === 'title' || type === 'ctrTitle') return 'title'
  return furniture.has(type) ? 'furniture' : 'other'
}

interface Paragraph {
  text: string
  depth: number
  /** Undefined where the paragraph itself does not say. */
  bullet: boolean | undefined
}

function toBlock({ text, depth, bullet }: Paragraph, kind: ShapeKind): Block {
  if (kind === 'title') return { type: 'heading', level: 1, text }
  return (bullet ?? kind === 'outline') ? { type: 'item', depth, text } : { type: 'paragraph', text }
}

function listDepth(level: string | undefined): number {
  return /^[0-8]$/.test(level ?? '') ? Number(level) : 0
}

/** Blocks in the order of the slide. */
function createShapeCollector({ points }: { readonly points: boolean }) {
  const blocks: Block[] = []
  const tables = createTableCollector()
  let paragraph: Paragraph | undefined
  let kind: ShapeKind = 'other'
  let length = 0
  const endParagraph = (): void => {
    const ended = paragraph
    paragraph = undefined
    if (ended === undefined || ended.text.trim() === '' || kind === 'furniture') return
    if (!tables.addText(ended.text)) blocks.push(toBlock(ended, kind === 'outline' && !points ? 'other' : kind))
  }
  const add = (text: string): void => {
    if (paragraph === undefined) return
    paragraph.text += text
    length += text.length
    checkLength(length)
  }
  return {
    blocks,
    add,
    open(name: string, attributes: XmlAttributes): void {
      if (name === 'sp' || name === 'graphicFrame') kind = 'other'
      else if (name === 'ph') kind = placeholderKind(attribute(attributes, 'type'))
      else if (name === 'p') paragraph = { text: '', depth: 0, bullet: undefined }
      else if (name === 'br') add('\n')
      else if (name === 'tbl') tables.openTable()
      else if (name === 'tr') tables.openRow()
      else if (name === 'tc') tables.openCell()
      else if (paragraph === undefined) return
      else if (name === 'pPr') paragraph.depth = listDepth(attribute(attributes, 'lvl'))
      else if (name === 'buNone') paragraph.bullet = false
      else if (name === 'buChar' || name === 'buAutoNum') paragraph.bullet = true
    },
    close(name: string): void {
      if (name === 'p') endParagraph()
      else if (name === 'tc') tables.closeCell()
      else if (name === 'tr') tables.closeRow()
      else if (name === 'tbl') {
        const table = tables.closeTable()
        if (table !== undefined) blocks.push(table)
      }
    },
  }
}

/** Reads the text of the shapes and tables of a slide, or of its notes. `points`: whether placeholders of text hold a list. */
export async function readShapes(
  archive: ZipArchive,
  part: string,
  options: { readonly points: boolean },
): Promise<Block[]> {
  const collector = createShapeCollector(options)
  let skipped = 0
  let inText = false
  await parseXml(archive.read(part), {
    open(name, attributes) {
      if (skipped > 0 || name === 'Fallback') skipped++
      else if (name === 't') inText = true
      else collector.open(name, attributes)
    },
    text(text) {
      if (inText && skipped === 0) collector.add(text)
    },
    close(name) {
      if (skipped > 0) skipped--
      else if (name === 't') inText = false
      else collector.close(name)
    },
  })
  return collector.blocks
}
