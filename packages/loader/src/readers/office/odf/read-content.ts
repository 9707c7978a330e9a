import type { Block } from '../blocks.ts'
import { checkLength } from '../office-document.ts'
import type { PartPlace } from '../office-document.ts'
import { attribute, parseXml } from '../parse-xml.ts'
import type { XmlAttributes } from '../parse-xml.ts'
import { createTableCollector } from '../table-collector.ts'
import type { ZipArchive } from '../zip-archive.ts'

/** A slide or sheet: its place, and what stands on it. A text document is one part without a place. */
export interface Part {
  readonly place: PartPlace
  readonly blocks: Block[]
}

/** Deleted text, comments, forms, alternative texts, numbers of notes, phonetic readings. */
const unread: ReadonlySet<string> = new Set([
  'tracked-changes',
  'annotation',
  'forms',
  'image',
  'notes-configuration',
  'note-citation',
  'ruby-text',
  'desc',
])
/** More blanks than that in one place are no text. */
const mostBlanks = 100

interface Paragraph {
  text: string
  readonly level: number
}

function count(attributes: XmlAttributes, name: string): number {
  const value = Number(attribute(attributes, name) ?? 1)
  return Number.isSafeInteger(value) && value > 0 ? value : 1
}

function textOf(name: string, attributes: XmlAttributes): string {
  if (name === 's') return ' '.repeat(Math.min(count(attributes, 'c'), mostBlanks))
  if (name === 'tab') return '\t'
  return name === 'line-break' ? '\n' : ''
}

/** Blocks of the parts of a document in the order of its text. */
function createPartCollector() {
  const parts: Part[] = [{ place: {}, blocks: [] }]
  const paragraphs: Paragraph[] = []
  const tables = createTableCollector()
  const repeats: number[] = []
  /** Number of open paragraphs at the begin of each open frame. */
  const frames: number[] = []
  let lists = 0
  let slides = 0
  let inTitle = false
  let spreadsheet = false
  let length = 0
  const put = (block: Block | undefined): void => {
    if (block !== undefined) parts.at(-1)?.blocks.push(block)
  }
  const add = (text: string): void => {
    const paragraph = paragraphs.at(-1)
    if (paragraph === undefined) return
    paragraph.text += text
    length += text.length
    checkLength(length)
  }
  const endParagraph = (): void => {
    const { text, level } = paragraphs.pop() as Paragraph
    if (text.trim() === '') return
    const inBox = frames.at(-1) === paragraphs.length
    // A note stands inside a paragraph.
    if (paragraphs.length > 0 && !inBox) add(` ${text}`)
    else if (tables.addText(text)) return
    else if (level > 0 || inTitle) put({ type: 'heading', level: Math.max(level, 1), text })
    else put(lists > 0 ? { type: 'item', depth: lists - 1, text } : { type: 'paragraph', text })
  }
  const openTable = (attributes: XmlAttributes): void => {
    const sheet = attribute(attributes, 'name') ?? ''
    if (spreadsheet && !tables.isOpen) {
      parts.push({ place: { sheet }, blocks: [{ type: 'heading', level: 1, text: sheet }] })
    }
    tables.openTable()
  }
  return {
    parts,
    add,
    /** Whether an element is left out with all that is in it. The title of a drawing is an alternative text, in a paragraph it is a field. */
    leavesOut: (name: string): boolean => unread.has(name) || (name === 'title' && frames.at(-1) === paragraphs.length),
    open(name: string, attributes: XmlAttributes): void {
      if (name === 'spreadsheet') spreadsheet = true
      else if (name === 'h') paragraphs.push({ text: '', level: count(attributes, 'outline-level') })
      else if (name === 'p') paragraphs.push({ text: '', level: 0 })
      else if (name === 'list') lists++
      else if (name === 'page') parts.push({ place: { page: ++slides }, blocks: [] })
      else if (name === 'frame') {
        frames.push(paragraphs.length)
        inTitle = attribute(attributes, 'class') === 'title'
      } else if (name === 'table') openTable(attributes)
      else if (name === 'table-row') {
        tables.openRow()
        repeats.push(count(attributes, 'number-rows-repeated'))
      } else if (name === 'table-cell' || name === 'covered-table-cell') {
        tables.openCell()
        repeats.push(count(attributes, 'number-columns-repeated'))
      } else add(textOf(name, attributes))
    },
    close(name: string): void {
      if (name === 'h' || name === 'p') endParagraph()
      else if (name === 'list') lists--
      else if (name === 'frame') {
        frames.pop()
        inTitle = false
      } else if (name === 'table-cell' || name === 'covered-table-cell') tables.closeCell(repeats.pop())
      else if (name === 'table-row') tables.closeRow(repeats.pop())
      else if (name === 'table') put(tables.closeTable())
    },
  }
}

/** The slides or sheets of a document, or its text as the one part. */
export async function readContent(archive: ZipArchive): Promise<readonly Part[]> {
  const collector = createPartCollector()
  let skipped = 0
  await parseXml(archive.read('content.xml'), {
    open(name, attributes) {
      if (skipped > 0 || collector.leavesOut(name)) skipped++
      else collector.open(name, attributes)
    },
    text(text) {
      // White space stands for one blank (ODF 1.3 part 3, 6.1.2); other blanks have elements.
      if (skipped === 0) collector.add(text.replaceAll(/[ \t\r\n]+/g, ' '))
    },
    close(name) {
      if (skipped > 0) skipped--
      else collector.close(name)
    },
  })
  return collector.parts
}
