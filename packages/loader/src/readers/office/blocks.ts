import { headingLine } from '../markup/markup.ts'

/** A row of a table: the texts of its cells. */
export type TableRow = readonly string[]

/** A part of a document that stands by itself. */
export type Block =
  | { readonly type: 'heading'; readonly level: number; readonly text: string }
  | { readonly type: 'paragraph'; readonly text: string }
  /** `depth` is 0 for an item of an outer list. */
  | { readonly type: 'item'; readonly depth: number; readonly text: string }
  | { readonly type: 'table'; readonly rows: readonly TableRow[] }

function cellText(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', String.raw`\|`)
    .trim()
}

/** A row as a line of a Markdown table. */
function tableLine(row: TableRow): string {
  return `| ${row.map((cell) => cellText(cell)).join(' | ')} |`
}

/** The line that makes the one above it the head of a table. */
function tableRule(columns: number): string {
  return `|${' --- |'.repeat(Math.max(columns, 1))}`
}

/** The rows without columns in which no row has anything; rows may be shorter than others. */
function withoutEmptyColumns(rows: readonly TableRow[]): TableRow[] {
  const filled = new Set<number>()
  for (const row of rows) for (const [column, cell] of row.entries()) if (cell.trim() !== '') filled.add(column)
  const columns = [...filled].toSorted((a, b) => a - b)
  return rows.map((row) => {
    const cells: string[] = []
    for (const column of columns) {
      // The others lie beyond it too: a wide table may have a million short rows.
      if (column >= row.length) break
      cells.push(row[column] ?? '')
    }
    return cells
  })
}

function tableText(rows: readonly TableRow[]): string {
  const [head = [], ...body] = withoutEmptyColumns(rows)
  const columns = body.reduce((most, row) => Math.max(most, row.length), head.length)
  const whole = [...head, ...Array.from({ length: columns - head.length }, () => '')]
  return [tableLine(whole), tableRule(columns), ...body.map((row) => tableLine(row))].join('\n')
}

function blockText(block: Block): string {
  switch (block.type) {
    case 'heading':
      return headingLine(block.level, block.text.replaceAll(/\s+/g, ' ').trim())
    case 'paragraph':
      return block.text.trim()
    case 'item':
      return `${'  '.repeat(Math.min(block.depth, 8))}- ${block.text.trim()}`
    case 'table':
      return tableText(block.rows)
  }
}

function isEmpty(block: Block): boolean {
  return block.type === 'table'
    ? block.rows.every((row) => row.every((cell) => cell.trim() === ''))
    : block.text.trim() === ''
}

/** Blocks as Markdown-like text: a blank line between them, but none between items of a list. */
export function renderBlocks(blocks: readonly Block[]): string {
  const parts: string[] = []
  let before: Block | undefined
  for (const block of blocks) {
    if (isEmpty(block)) continue
    if (before !== undefined) parts.push(before.type === 'item' && block.type === 'item' ? '\n' : '\n\n')
    parts.push(blockText(block))
    before = block
  }
  return parts.join('')
}
