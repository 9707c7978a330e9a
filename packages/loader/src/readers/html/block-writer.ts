/** One block of the page: a paragraph, a heading, a fence, a list item or a table row. */
export interface Block {
  readonly text: string
  readonly kind: 'text' | 'item' | 'row'
  /** The table of a row. */
  readonly table?: Table
}

interface Table {
  rows: number
}

interface Row {
  cells: string[]
  /** Set when the table turns out to lay out the page: its cells are then written as blocks. */
  layout: boolean
  readonly table: Table
}

interface List {
  /** Number of the next item; undefined in unordered lists. */
  next: number | undefined
}

/** The page written so far, and what is open. */
export interface BlockWriter {
  readonly blocks: Block[]
  /** Text since the last block, whitespace collapsed but for line breaks. */
  buffer: string
  /** Level of the open heading; 0 outside. */
  heading: number
  /** Bullet or number of an item that has no text yet. */
  itemPrefix: string
  readonly lists: List[]
  readonly tables: Table[]
  readonly rows: Row[]
}

const deepestIndent = 8

/** An empty page. */
export function createBlockWriter(): BlockWriter {
  return { blocks: [], buffer: '', heading: 0, itemPrefix: '', lists: [], tables: [], rows: [] }
}

/** Begins of a line that Markdown would take for a heading, a fence or an underline. */
const looksLikeMarkup = /^(?=#{1,6}(?:\s|$)|```|~~~|(?:=+|-+)$)/gm

function takeBuffer(writer: BlockWriter): string {
  const text = writer.buffer
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
  writer.buffer = ''
  return text
}

/** Ends the open paragraph, and writes it where it belongs: into the open heading, table cell or list item, or as a block. */
export function flush(writer: BlockWriter): void {
  if (writer.buffer === '') return
  const text = takeBuffer(writer)
  if (text === '') return
  const prefix = writer.itemPrefix
  writer.itemPrefix = ''
  const row = writer.rows.at(-1)
  if (row !== undefined && !row.layout && row.cells.length > 0) {
    const cell = `${prefix.trimStart()}${text.replaceAll('\n', ' ').replaceAll('|', String.raw`\|`)}`
    const before = row.cells.pop() ?? ''
    row.cells.push(before === '' ? cell : `${before} ${cell}`)
  } else if (writer.heading > 0) {
    writer.blocks.push({ text: `${'#'.repeat(writer.heading)} ${text.replaceAll(/\n+/g, ' ')}`, kind: 'text' })
  } else {
    const plain = text.replaceAll(looksLikeMarkup, '\\')
    writer.blocks.push({ text: prefix + plain, kind: prefix === '' ? 'text' : 'item' })
  }
}

/** Writes the open row's cells as blocks, because one of them holds what no table cell can. */
function breakRow(writer: BlockWriter): void {
  const row = writer.rows.at(-1)
  if (row === undefined || row.layout) return
  for (const text of row.cells) if (text !== '') writer.blocks.push({ text, kind: 'text' })
  row.cells = []
  row.layout = true
}

/** Begins a heading. What stands in a table cell so far becomes a block: the table lays out the page. */
export function openHeading(writer: BlockWriter, level: number): void {
  flush(writer)
  breakRow(writer)
  writer.itemPrefix = ''
  writer.heading = level
}

/** Begins a block. One inside a heading that has text already ends that heading, which was not closed. */
export function openBlock(writer: BlockWriter): void {
  const blocks = writer.blocks.length
  flush(writer)
  if (writer.blocks.length > blocks) writer.heading = 0
}

/** Begins a table; one inside a cell makes the outer table a layout. */
export function openTable(writer: BlockWriter): void {
  openBlock(writer)
  breakRow(writer)
  writer.tables.push({ rows: 0 })
}

/** Begins a table row. */
export function openRow(writer: BlockWriter): void {
  openBlock(writer)
  writer.rows.push({ cells: [], layout: false, table: writer.tables.at(-1) ?? { rows: 0 } })
}

/** Begins a table cell. */
export function openCell(writer: BlockWriter): void {
  flush(writer)
  const row = writer.rows.at(-1)
  if (row !== undefined && !row.layout) row.cells.push('')
}

/** Ends a table row and writes it: as a paragraph where it has one cell only, as `| a | b |` otherwise. */
export function closeRow(writer: BlockWriter): void {
  flush(writer)
  const row = writer.rows.pop()
  if (row === undefined || row.cells.every((cell) => cell === '')) return
  const [only = ''] = row.cells
  if (row.cells.length === 1) {
    writer.blocks.push({ text: only, kind: 'text' })
    return
  }
  const line = `| ${row.cells.join(' | ')} |`
  const rule = row.table.rows === 0 ? `\n|${' --- |'.repeat(row.cells.length)}` : ''
  row.table.rows++
  writer.blocks.push({ text: line + rule, kind: 'row', table: row.table })
}

/** Begins a list; `next` is the number of its first item, undefined in unordered lists. */
export function openList(writer: BlockWriter, next: number | undefined): void {
  openBlock(writer)
  writer.lists.push({ next })
}

/** Begins a list item: its first text gets the bullet or number. */
export function openItem(writer: BlockWriter): void {
  openBlock(writer)
  const list = writer.lists.at(-1)
  const mark = list?.next === undefined ? '-' : `${list.next++}.`
  writer.itemPrefix = `${'  '.repeat(Math.min(Math.max(writer.lists.length - 1, 0), deepestIndent))}${mark} `
}

/** Begins preformatted text: it is written as a block even inside a table. */
export function openCode(writer: BlockWriter): void {
  openBlock(writer)
  breakRow(writer)
}

function fenceFor(code: string): string {
  let longest = 2
  for (const [run] of code.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length)
  return '`'.repeat(longest + 1)
}

/** Writes preformatted text as fenced code, its whitespace kept but for blank lines around it. */
export function writeCode(writer: BlockWriter, code: string, language: string): void {
  const lines = code.replace(/^\n+/, '').trimEnd()
  if (lines.trim() === '') return
  const fence = fenceFor(lines)
  writer.itemPrefix = ''
  writer.blocks.push({ text: `${fence}${language}\n${lines}\n${fence}`, kind: 'text' })
}

/** Joins blocks: rows of one table and neighbouring list items by a line end, all others by a blank line. */
export function joinBlocks(blocks: readonly Block[]): string {
  const parts: string[] = []
  let before: Block | undefined
  for (const block of blocks) {
    const close = before?.kind === block.kind && block.kind !== 'text' && before.table === block.table
    if (before !== undefined) parts.push(close ? '\n' : '\n\n')
    parts.push(block.text)
    before = block
  }
  return parts.join('')
}
