import { classifyLine, closesFence, type Fence } from './classify-line.ts'
import type { HeadingSyntax } from './heading-syntax.ts'
import { headingTitle } from './heading-title.ts'
import type { Pause } from './pause.ts'
import { type TextRange, trimRange } from './text-range.ts'
import { weigh } from './text-weight.ts'

/** A heading above a piece of text. */
export interface Heading {
  /** From 1, the outermost. */
  readonly level: number
  /** Plain words; may be empty. */
  readonly title: string
  /** Offset of the heading's first character. */
  readonly start: number
}

/** A heading, a fenced code with its fences, or a run of lines that are not blank. White space around it is left out. */
interface Block extends TextRange {
  readonly isHeading: boolean
  /** See `weigh`. */
  readonly weight: number
}

/** A heading with the blocks up to the next one, or the blocks before the first heading. All text but white space is in a block. */
export interface Section {
  /** The headings that the section stands under, its own the last. */
  readonly path: readonly Heading[]
  /** Not empty. */
  readonly blocks: readonly Block[]
}

/** The block that is being read. */
interface OpenBlock {
  readonly start: number
  end: number
  lines: number
  /** Whether an underline would make a heading of its one line. */
  readonly mayBeTitle: boolean
}

/** What is known of the text after some of its lines. */
interface Scan {
  readonly text: string
  readonly syntax: HeadingSyntax
  path: readonly Heading[]
  blocks: Block[]
  open: OpenBlock | undefined
  fence: Fence | undefined
}

/** A line without its line end; the text goes on at `next`. */
interface Line extends TextRange {
  readonly next: number
}

function closeBlock(scan: Scan, isHeading = false): void {
  const range = scan.open === undefined ? undefined : trimRange(scan.text, scan.open)
  scan.open = undefined
  if (range !== undefined) scan.blocks.push({ ...range, isHeading, weight: weigh(scan.text, range.start, range.end) })
}

function extendBlock(scan: Scan, line: Line, mayBeTitle = false): void {
  scan.open ??= { start: line.start, end: line.end, lines: 0, mayBeTitle }
  scan.open.end = line.end
  scan.open.lines++
}

/** Ends the section at the open block, which becomes the heading of a new one. */
function startSection(scan: Scan, level: number, title: string): Section | undefined {
  const ended = { path: scan.path, blocks: scan.blocks }
  const start = scan.open?.start ?? 0
  scan.path = [...scan.path.filter((above) => above.level < level), { level, title: headingTitle(title), start }]
  scan.blocks = []
  closeBlock(scan, true)
  return ended.blocks.length === 0 ? undefined : ended
}

function isBlankLine(text: string, start: number): boolean {
  const end = text.indexOf('\n', start)
  return classifyLine(text, start, end === -1 ? text.length : end).kind === 'blank'
}

/** Takes a line; returns a section that it ends. */
function readLine(scan: Scan, line: Line): Section | undefined {
  const { text, syntax, fence, open } = scan
  if (fence !== undefined) {
    extendBlock(scan, line)
    if (!closesFence(text, line, fence)) return undefined
    scan.fence = undefined
    closeBlock(scan)
    return undefined
  }
  const kind = classifyLine(text, line.start, line.end)
  if (kind.kind === 'blank') {
    closeBlock(scan)
    return undefined
  }
  if (syntax === 'none') {
    extendBlock(scan, line)
    return undefined
  }
  if (kind.kind === 'heading' && (syntax === 'markdown' || (open === undefined && isBlankLine(text, line.next)))) {
    closeBlock(scan)
    extendBlock(scan, line)
    return startSection(scan, kind.level, kind.title)
  }
  if (kind.kind === 'underline' && open?.mayBeTitle === true && open.lines === 1) {
    const title = text.slice(open.start, open.end)
    extendBlock(scan, line)
    return startSection(scan, kind.level, title)
  }
  if (kind.kind === 'fence') {
    closeBlock(scan)
    scan.fence = kind
  }
  extendBlock(scan, line, kind.kind === 'text' && syntax === 'markdown' && isTitle(text, line))
  return undefined
}

function isTitle(text: string, { start, end }: TextRange): boolean {
  return end - start <= 300 && /[\p{L}\p{N}]/u.test(text.slice(start, end))
}

/** The sections of a text in order, in one pass over its lines. Headings inside fenced code are none. */
export async function* findSections(text: string, syntax: HeadingSyntax, pause: Pause): AsyncGenerator<Section> {
  const scan: Scan = { text, syntax, path: [], blocks: [], open: undefined, fence: undefined }
  let scanned = 0
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    const next = Math.min(end + 1, text.length)
    const ended = readLine(scan, { start, end, next })
    if (ended !== undefined) yield ended
    start = next
    if (start - scanned < 16_384) continue
    await pause(start - scanned)
    scanned = start
  }
  closeBlock(scan)
  if (scan.blocks.length > 0) yield { path: scan.path, blocks: scan.blocks }
}
