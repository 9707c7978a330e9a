import type { Block } from '../blocks.ts'
import { checkLength } from '../office-document.ts'
import { attribute, parseXml } from '../parse-xml.ts'
import type { XmlAttributes } from '../parse-xml.ts'
import { createTableCollector } from '../table-collector.ts'
import type { ZipArchive } from '../zip-archive.ts'
import type { ParagraphStyle } from './paragraph-styles.ts'
import { listDepth, outlineLevel } from './paragraph-styles.ts'

/**
 * Elements with text or settings that are not the reader's: a second version of drawings, deleted and moved text, code of fields, settings
 * before a change.
 */
const unread: ReadonlySet<string> = new Set([
  'Fallback',
  'delText',
  'delInstrText',
  'instrText',
  'del',
  'moveFrom',
  'pPrChange',
  'rPrChange',
])

interface Paragraph {
  text: string
  level: number
  list: number | undefined
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
    case 'ptab':
      return '\t'
    case 'br':
    case 'cr':
      return '\n'
    case 'noBreakHyphen':
      return '-'
    default:
      return ''
  }
}

/** Applies a setting of a paragraph; `styles` are those of the document. */
function applySetting(
  paragraph: Paragraph,
  { name, value }: { readonly name: string; readonly value: string },
  styles: ReadonlyMap<string, ParagraphStyle>,
): void {
  if (name === 'pStyle') {
    const { level = 0, list } = styles.get(value) ?? {}
    paragraph.level = level
    paragraph.list = list
  } else if (name === 'numPr') paragraph.list ??= 0
  else if (name === 'ilvl') paragraph.list = listDepth(value)
  // A paragraph of a list style that is no item.
  else if (name === 'numId' && value === '0') paragraph.list = undefined
  else if (name === 'outlineLvl') paragraph.level = outlineLevel(value) ?? 0
}

/** Blocks in the order of the text; paragraphs within one another, as in text boxes, come when they end. */
function createBlockCollector(styles: ReadonlyMap<string, ParagraphStyle>) {
  const blocks: Block[] = []
  const paragraphs: Paragraph[] = []
  const tables = createTableCollector()
  let length = 0
  const add = (text: string): void => {
    const paragraph = paragraphs.at(-1)
    if (paragraph === undefined || text === '') return
    paragraph.text += text
    length += text.length
    checkLength(length)
  }
  const endParagraph = (): void => {
    const paragraph = paragraphs.pop()
    if (paragraph === undefined || paragraph.text.trim() === '') return
    if (!tables.addText(paragraph.text)) blocks.push(toBlock(paragraph))
  }
  return {
    blocks,
    add,
    open(name: string, attributes: XmlAttributes): void {
      if (name === 'p') paragraphs.push({ text: '', level: 0, list: undefined })
      else if (name === 'tbl') tables.openTable()
      else if (name === 'tr') tables.openRow()
      else if (name === 'tc') tables.openCell()
      else {
        const value = attribute(attributes, 'val') ?? ''
        const paragraph = paragraphs.at(-1)
        if (name === 'gridSpan') tables.spanColumns(Number(value) || 1)
        else if (paragraph !== undefined) applySetting(paragraph, { name, value }, styles)
        add(textOf(name, attributes))
      }
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

/** Reads the paragraphs and tables of one part. */
export async function readBlocks(
  archive: ZipArchive,
  part: string,
  styles: ReadonlyMap<string, ParagraphStyle>,
): Promise<Block[]> {
  const collector = createBlockCollector(styles)
  let skipped = 0
  let inText = false
  await parseXml(archive.read(part), {
    open(name, attributes) {
      if (skipped > 0 || unread.has(name)) skipped++
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
