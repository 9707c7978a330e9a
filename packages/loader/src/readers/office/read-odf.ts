import type { Block } from './blocks.ts'
import type { OfficeDocument, Part } from './office-document.ts'
import { checkLength, joinParts } from './office-document.ts'
import { OfficeError } from './office-error.ts'
import { attribute, parseXml } from './parse-xml.ts'
import type { XmlAttributes } from './parse-xml.ts'
import { readCoreProperties } from './read-core-properties.ts'
import { createTableCollector } from './table-collector.ts'
import type { ZipArchive } from './zip-archive.ts'

const unread: ReadonlySet<string> = new Set(['tracked-changes', 'annotation', 'forms', 'image', 'notes-configuration'])
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

function refuseEncryptionData(name: string): void {
  if (name === 'encryption-data') throw new OfficeError('ENCRYPTED', 'it needs a password')
}

async function refuseEncrypted(archive: ZipArchive): Promise<void> {
  const manifest = 'META-INF/manifest.xml'
  if (archive.has(manifest)) await parseXml(archive.read(manifest), { open: refuseEncryptionData }, { doctype: true })
}

/** Slides and sheets are parts of their own; a text document is one part without a place. */
async function readContent(archive: ZipArchive): Promise<Part[]> {
  const parts: { readonly place: Part['place']; readonly blocks: Block[] }[] = [{ place: {}, blocks: [] }]
  const paragraphs: Paragraph[] = []
  const tables = createTableCollector()
  const repeats: number[] = []
  let lists = 0
  let skipped = 0
  let slides = 0
  let spreadsheet = false
  let length = 0
  const begin = (place: Part['place'], title: string | undefined): void => {
    parts.push({ place, blocks: title === undefined ? [] : [{ type: 'heading', level: 1, text: title }] })
  }
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
    // A note or a text box stands inside a paragraph.
    if (paragraphs.length > 0) add(` ${text}`)
    else if (tables.isOpen) tables.addText(text)
    else if (level > 0) put({ type: 'heading', level, text })
    else put(lists > 0 ? { type: 'item', depth: lists - 1, text } : { type: 'paragraph', text })
  }
  const open = (name: string, attributes: XmlAttributes): void => {
    if (name === 'spreadsheet') spreadsheet = true
    else if (name === 'h') paragraphs.push({ text: '', level: count(attributes, 'outline-level') })
    else if (name === 'p') paragraphs.push({ text: '', level: 0 })
    else if (name === 'list') lists++
    else if (name === 'page') begin({ page: ++slides }, undefined)
    else if (name === 'table') {
      const sheet = attribute(attributes, 'name') ?? ''
      if (spreadsheet && !tables.isOpen) begin({ sheet }, sheet)
      tables.openTable()
    } else if (name === 'table-row') {
      tables.openRow()
      repeats.push(count(attributes, 'number-rows-repeated'))
    } else if (name === 'table-cell' || name === 'covered-table-cell') {
      tables.openCell()
      repeats.push(count(attributes, 'number-columns-repeated'))
    } else add(textOf(name, attributes))
  }
  const close = (name: string): void => {
    if (name === 'h' || name === 'p') endParagraph()
    else if (name === 'list') lists--
    else if (name === 'table-cell' || name === 'covered-table-cell') tables.closeCell(repeats.pop())
    else if (name === 'table-row') tables.closeRow(repeats.pop())
    else if (name === 'table') put(tables.closeTable())
  }
  await parseXml(archive.read('content.xml'), {
    open(name, attributes) {
      if (skipped > 0 || unread.has(name)) skipped++
      else open(name, attributes)
    },
    text(text) {
      if (skipped === 0) add(text)
    },
    close(name) {
      if (skipped > 0) skipped--
      else close(name)
    },
  })
  return parts
}

/** An empty sheet is no more than its name. */
function hasContent({ place, blocks }: Part): boolean {
  return place.sheet === undefined || blocks.some((block) => block.type === 'table' && block.rows.length > 0)
}

/** Reads an OpenDocument text, spreadsheet or presentation (ISO/IEC 26300): headings, lists, tables; a segment for each sheet and slide. */
export async function readOdf(archive: ZipArchive): Promise<OfficeDocument> {
  await refuseEncrypted(archive)
  const parts = (await readContent(archive)).filter(hasContent)
  const declared = await readCoreProperties(archive, 'meta.xml')
  const { text, segments = [] } = joinParts(parts)
  const slides = parts.filter(({ place }) => place.page !== undefined).length
  const placed = segments.filter(({ page, sheet }) => page !== undefined || sheet !== undefined)
  return {
    text,
    declared,
    ...(placed.length === 0 ? {} : { segments: placed }),
    ...(slides === 0 ? {} : { pageCount: slides }),
  }
}
