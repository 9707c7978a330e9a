import type { Block } from './blocks.ts'
import { renderBlocks } from './blocks.ts'
import type { OfficeDocument } from './office-document.ts'
import { checkLength } from './office-document.ts'
import { attribute, parseXml } from './parse-xml.ts'
import type { XmlAttributes } from './parse-xml.ts'
import { readCoreProperties } from './read-core-properties.ts'
import { createTableCollector } from './table-collector.ts'
import type { ZipArchive } from './zip-archive.ts'

/** Elements with text that is not the reader's: a second version of drawings, deleted text, code of fields. */
const unread: ReadonlySet<string> = new Set(['Fallback', 'delText', 'delInstrText', 'instrText', 'del', 'moveFrom'])

interface Paragraph {
  text: string
  level: number
  list: number | undefined
}

/** Levels of headings by the id of their style. Ids and names are in the writer's language, "heading 1" is not. */
async function readHeadingStyles(archive: ZipArchive): Promise<ReadonlyMap<string, number>> {
  const levels = new Map<string, number>()
  if (!archive.has('word/styles.xml')) return levels
  let id: string | undefined
  let level: number | undefined
  await parseXml(archive.read('word/styles.xml'), {
    open(name, attributes) {
      const value = attribute(attributes, 'val') ?? ''
      if (name === 'style') {
        id = attribute(attributes, 'styleId')
        level = undefined
      } else if (name === 'name') {
        const [, digit] = /^heading (\d)$/i.exec(value) ?? []
        if (/^title$/i.test(value)) level = 1
        else if (digit !== undefined) level = Number(digit)
      } else if (name === 'outlineLvl' && Number(value) < 9) level ??= Number(value) + 1
    },
    close(name) {
      if (name === 'style' && id !== undefined && level !== undefined) levels.set(id, level)
    },
  })
  return levels
}

function toBlock({ text, level, list }: Paragraph): Block {
  if (level > 0) return { type: 'heading', level, text }
  return list === undefined ? { type: 'paragraph', text } : { type: 'item', depth: list, text }
}

/** Text that an element stands for. */
function textOf(name: string, attributes: XmlAttributes): string {
  switch (name) {
    case 'tab':
      // A tab stop of a paragraph's settings has a position.
      return attribute(attributes, 'pos') === undefined ? '\t' : ''
    case 'br':
    case 'cr':
      return '\n'
    case 'noBreakHyphen':
      return '-'
    default:
      return ''
  }
}

/** Reads the paragraphs and tables of one part. */
async function readPart(archive: ZipArchive, part: string, headings: ReadonlyMap<string, number>): Promise<Block[]> {
  const blocks: Block[] = []
  const paragraphs: Paragraph[] = []
  const tables = createTableCollector()
  let skipped = 0
  let inText = false
  let length = 0
  const add = (text: string): void => {
    const paragraph = paragraphs.at(-1)
    if (paragraph === undefined || text === '') return
    paragraph.text += text
    length += text.length
    checkLength(length)
  }
  const setStyle = (name: string, value: string): void => {
    const paragraph = paragraphs.at(-1)
    if (paragraph === undefined) return
    if (name === 'pStyle') paragraph.level = headings.get(value) ?? 0
    else if (name === 'numPr') paragraph.list ??= 0
    else if (name === 'ilvl') paragraph.list = Number(value) || 0
    else if (name === 'outlineLvl' && Number(value) < 9) paragraph.level = Number(value) + 1
  }
  const endParagraph = (): void => {
    const paragraph = paragraphs.pop()
    if (paragraph === undefined || paragraph.text.trim() === '') return
    if (tables.isOpen) tables.addText(paragraph.text)
    else blocks.push(toBlock(paragraph))
  }
  await parseXml(archive.read(part), {
    open(name, attributes) {
      if (skipped > 0 || unread.has(name)) {
        skipped++
        return
      }
      if (name === 'p') paragraphs.push({ text: '', level: 0, list: undefined })
      else if (name === 't') inText = true
      else if (name === 'tbl') tables.openTable()
      else if (name === 'tr') tables.openRow()
      else if (name === 'tc') tables.openCell()
      else {
        setStyle(name, attribute(attributes, 'val') ?? '')
        add(textOf(name, attributes))
      }
    },
    text(text) {
      if (inText && skipped === 0) add(text)
    },
    close(name) {
      if (skipped > 0) {
        skipped--
        return
      }
      if (name === 't') inText = false
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

/** Reads a Word document (ECMA-376): headings, lists, tables, text boxes; foot- and endnotes below. Headers and footers are left out. */
export async function readDocx(archive: ZipArchive): Promise<OfficeDocument> {
  const headings = await readHeadingStyles(archive)
  const blocks = await readPart(archive, 'word/document.xml', headings)
  for (const part of ['word/footnotes.xml', 'word/endnotes.xml']) {
    if (archive.has(part)) blocks.push(...(await readPart(archive, part, headings)))
  }
  return { text: renderBlocks(blocks), declared: await readCoreProperties(archive, 'docProps/core.xml') }
}
