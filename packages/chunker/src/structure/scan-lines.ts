import { type TextRange, trimRange } from '../text/text-range.ts'
import { weigh } from '../text/text-weight.ts'
import { classifyLine, closesFence, isIndented, type LineKind } from './classify-line.ts'
import type { TextSyntax } from './text-syntax.ts'
import { headingTitle } from './heading-title.ts'
import type { Block, BlockKind, Carry, Heading, OpenFence, Section, TableHead } from './section.ts'
import { isTableHead } from './table-lines.ts'

/** The block that is being read. */
interface OpenBlock {
  readonly start: number
  end: number
  lines: number
  lastLine: TextRange
  readonly kind: BlockKind
  /** Whether an underline would make a heading of its one line. */
  readonly mayBeTitle?: boolean
  readonly head?: TableHead
  readonly language?: string
}

/** What is known of the text after some of its lines. */
export interface Scan {
  readonly text: string
  readonly syntax: TextSyntax
  path: readonly Heading[]
  part: number
  blocks: Block[]
  open: OpenBlock | undefined
  fence: OpenFence | undefined
  inList: boolean
}

/** A line without its line end; the text goes on at `next`. */
interface Line extends TextRange {
  readonly next: number
}

function openBlock(scan: Scan, { start, end }: TextRange, what: Pick<OpenBlock, 'kind'> & Partial<OpenBlock>): void {
  closeBlock(scan)
  scan.open = { start, end, lines: 1, lastLine: { start, end }, ...what }
}

function extendBlock(scan: Scan, { start, end }: TextRange, mayBeTitle = false): void {
  if (scan.open === undefined) {
    openBlock(scan, { start, end }, { kind: 'text', mayBeTitle })
    return
  }
  scan.open.end = end
  scan.open.lines++
  scan.open.lastLine = { start, end }
}

/** Ends the open block, if there is one. */
function closeBlock(scan: Scan): void {
  const { text, open } = scan
  scan.open = undefined
  const range = open === undefined ? undefined : trimRange(text, open)
  if (open === undefined || range === undefined) return
  const { kind, head, language = '' } = open
  const weight = weigh(text, range.start, range.end)
  const named = language === '' ? {} : { language }
  scan.blocks.push({ ...range, kind, weight, ...(head === undefined ? {} : { head }), ...named })
}

/** The blocks since the last heading, which are a section now. */
function takeSection(scan: Scan): Section | undefined {
  const { path, blocks, part } = scan
  scan.blocks = []
  const [first] = blocks
  return first === undefined ? undefined : { path, blocks, part, from: first.start }
}

/** Ends the section at the open block, which becomes the heading of a new one. */
function startSection(scan: Scan, level: number, title: string): Section | undefined {
  const ended = takeSection(scan)
  const start = scan.open?.start ?? 0
  if (scan.open !== undefined) scan.open = { ...scan.open, kind: 'heading' }
  scan.path = [...scan.path.filter((above) => above.level < level), { level, title: headingTitle(title), start }]
  closeBlock(scan)
  return ended
}

/** The last line of the open block and this one become the head of a table. */
function startTable(scan: Scan, { lastLine, lines }: OpenBlock, { start, end }: Line): void {
  if (scan.open !== undefined) scan.open = lines === 1 ? undefined : { ...scan.open, end: lastLine.start }
  const head = { text: scan.text.slice(lastLine.start, end).trim(), end }
  openBlock(scan, { start: lastLine.start, end }, { kind: 'table', head, lines: 2, lastLine: { start, end } })
}

function isBlankLine(text: string, start: number): boolean {
  const newline = text.indexOf('\n', start)
  return classifyLine(text, { start, end: newline === -1 ? text.length : newline }, false).kind === 'blank'
}

function isTitle(text: string, { start, end }: TextRange): boolean {
  return end - start <= 300 && /[\p{L}\p{N}]/u.test(text.slice(start, end))
}

/** Takes a line inside a fence; false where the list that the fence belongs to has ended before the line. */
function readFenced(scan: Scan, line: Line, fence: OpenFence): boolean {
  if (fence.isDeep && line.end > line.start && !isIndented(scan.text, line)) {
    scan.fence = undefined
    closeBlock(scan)
    return false
  }
  extendBlock(scan, line)
  if (!closesFence(scan.text, line, fence)) return true
  scan.fence = undefined
  closeBlock(scan)
  return true
}

/** Takes a line that is no heading and not blank. */
function readBody(scan: Scan, line: Line, kind: LineKind): void {
  const { text, open } = scan
  if (kind.kind === 'fence') {
    openBlock(scan, line, { kind: 'fence', language: kind.fence.language })
    scan.fence = kind.fence
    return
  }
  if (open?.kind === 'table' && !text.slice(line.start, line.end).includes('|')) closeBlock(scan)
  if (open?.kind === 'text' && isTableHead(text, open.lastLine, line)) startTable(scan, open, line)
  else extendBlock(scan, line, kind.kind === 'text' && scan.syntax === 'markdown' && isTitle(text, line))
}

/** Takes a line; returns a section that it ends. */
export function readLine(scan: Scan, line: Line): Section | undefined {
  const { text, syntax, fence } = scan
  if (fence !== undefined && readFenced(scan, line, fence)) return undefined
  const { open } = scan
  const kind = classifyLine(text, line, scan.inList)
  if (kind.kind === 'blank') {
    closeBlock(scan)
    return undefined
  }
  if (syntax === 'none') {
    extendBlock(scan, line)
    return undefined
  }
  scan.inList = kind.kind === 'item' || (scan.inList && isIndented(text, line))
  if (kind.kind === 'heading' && (syntax === 'markdown' || (open === undefined && isBlankLine(text, line.next)))) {
    openBlock(scan, line, { kind: 'heading' })
    return startSection(scan, kind.level, kind.title)
  }
  if (kind.kind === 'underline' && open?.mayBeTitle === true && open.lines === 1) {
    const title = text.slice(open.start, open.end)
    extendBlock(scan, line)
    return startSection(scan, kind.level, title)
  }
  readBody(scan, line, kind)
  return undefined
}

/** Goes on where `carry` says that the text before ended. */
export function startScan(text: string, syntax: TextSyntax, { path, fence, head }: Carry): Scan {
  const scan: Scan = { text, syntax, path, part: 0, blocks: [], open: undefined, fence, inList: false }
  const nothing = { start: 0, end: 0 }
  if (fence !== undefined) openBlock(scan, nothing, { kind: 'fence', language: fence.language })
  else if (head !== undefined) openBlock(scan, nothing, { kind: 'table', head: { text: head, end: 0 } })
  return scan
}

/** Ends the section; the next line begins another part, above which is no heading. */
export function startPart(scan: Scan): Section | undefined {
  closeBlock(scan)
  const ended = takeSection(scan)
  scan.path = []
  scan.fence = undefined
  scan.inList = false
  scan.part++
  return ended
}

/** Ends the last section, and tells `carry` what goes on after the text. */
export function endScan(scan: Scan, carry: Carry): Section | undefined {
  const { path, fence, open, text } = scan
  carry.path = path.map(({ level, title, start }) => ({ level, title, start: start - text.length }))
  carry.fence = fence
  carry.head = open?.kind === 'table' ? open.head?.text : undefined
  closeBlock(scan)
  return takeSection(scan)
}
