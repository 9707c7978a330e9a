import { codePointEnd, graphemeEnd, graphemeFloor } from '../text/graphemes.ts'
import type { Pause } from '../text/pause.ts'
import { skipSpace, type TextRange, trimRange } from '../text/text-range.ts'
import { advanceByWeight, weigh } from '../text/text-weight.ts'
import { joinComments } from './join-comments.ts'
import { declarationSeparators, lineSeparators, wordSeparators } from './separators.ts'
import { splitByIndent } from './split-by-indent.ts'
import { splitRecursively } from './split-recursively.ts'
import { splitSentences } from './split-sentences.ts'
import { quietestOffset, windowEnd } from './window-end.ts'

/** Bounds what is done before other work has its turn. LangChain's splitter overflows the call stack on several 100,000 pieces. */
const longestWindow = 32_768
const batchSize = 256

/** How a stretch is split. */
export interface StretchOptions {
  /** Most weight of a piece. */
  readonly limit: number
  /** Of code, empty where it is not known; undefined for prose. */
  readonly language?: string | undefined
  readonly pause: Pause
}

/** Cuts a range that has no separators between graphemes, into pieces that weigh at most `limit` but hold a grapheme at least. */
function splitRun(text: string, range: TextRange, limit: number): TextRange[] {
  const pieces: TextRange[] = []
  for (let start = range.start; start < range.end;) {
    const most = advanceByWeight(text, start, range.end, limit)
    const least = start + Math.floor((most - start) / 2)
    const cut = most === range.end ? most : graphemeFloor(text, start, quietestOffset(text, least, most))
    const end = cut > start ? cut : Math.min(graphemeEnd(text, start), range.end)
    const piece = trimRange(text, { start, end })
    if (piece !== undefined) pieces.push(piece)
    start = end
  }
  return pieces
}

function splitGrapheme(text: string, range: TextRange): TextRange[] {
  const pieces: TextRange[] = []
  for (let start = range.start; start < range.end;) {
    const end = codePointEnd(text, start)
    pieces.push({ start, end })
    start = end
  }
  return pieces
}

/** A way to take ranges apart that are too long. */
type Split = (
  text: string,
  range: TextRange,
  options: StretchOptions,
) => readonly TextRange[] | Promise<readonly TextRange[]>

async function splitAt(
  text: string,
  { start, end }: TextRange,
  options: { readonly limit: number; readonly separators: readonly string[] },
): Promise<TextRange[]> {
  const found = await splitRecursively(text.slice(start, end), options.limit, options.separators)
  return found.map((piece) => ({ start: start + piece.start, end: start + piece.end }))
}

const proseLevels: readonly Split[] = [
  (text, range, { limit }) => splitByIndent(text, range, { limit, rule: 'items' }),
  (text, range, { limit }) => splitAt(text, range, { limit, separators: lineSeparators }),
  (text, range) => splitSentences(text, range),
]

const codeLevels: readonly Split[] = [
  async (text, range, { limit, language = '' }) =>
    splitAt(text, range, { limit, separators: await declarationSeparators(language) }),
  (text, range, { limit }) => splitByIndent(text, range, { limit, rule: 'below blank lines' }),
  (text, range, { limit }) => splitByIndent(text, range, { limit, rule: 'all lines' }),
]

/** Where nothing else is left. */
const wordLevels: readonly Split[] = [
  (text, range, { limit }) => splitAt(text, range, { limit, separators: wordSeparators }),
  (text, range, { limit }) => splitRun(text, range, limit),
]

/** What is too long for one level is left to the next. */
async function splitByLevels(
  text: string,
  ranges: readonly TextRange[],
  { levels, ...options }: StretchOptions & { readonly levels: readonly Split[] },
): Promise<readonly TextRange[]> {
  let pieces = ranges
  for (const split of levels) {
    const finer: TextRange[] = []
    for (const piece of pieces) {
      if (weigh(text, piece.start, piece.end) <= options.limit) finer.push(piece)
      else for (const part of await split(text, piece, options)) finer.push(part)
    }
    pieces = finer
  }
  return pieces
}

/** The pieces of a window. */
async function splitWindow(text: string, range: TextRange, options: StretchOptions): Promise<readonly TextRange[]> {
  const isCode = options.language !== undefined
  const lines = await splitByLevels(text, [range], { ...options, levels: isCode ? codeLevels : proseLevels })
  const joined = isCode ? joinComments(text, lines, options.limit) : lines
  return splitByLevels(text, joined, { ...options, levels: wordLevels })
}

/**
 * Splits a range that is too long for a chunk into pieces that weigh at most `limit`, in order, with only white space between
 * them: prose before items of lists, else at blank lines, line ends, sentences; code before declarations, else at blank lines, line ends, the less indented
 * the better; both, where nothing else is left, at clauses, spaces, else between graphemes; a grapheme that is the whole range
 * between code points. Small pieces are not joined, so where the cuts are does not depend on what stands
 * before. Yields some pieces at a time.
 */
export async function* splitStretch(
  text: string,
  range: TextRange,
  options: StretchOptions,
): AsyncGenerator<readonly TextRange[]> {
  if (graphemeEnd(text, range.start) >= range.end) {
    yield splitGrapheme(text, range)
    return
  }
  const isCode = options.language !== undefined
  for (let start = range.start; start < range.end;) {
    const end = windowEnd(text, { start, end: range.end }, { longest: longestWindow, isCode })
    const pieces = await splitWindow(text, { start, end }, options)
    for (let first = 0; first < pieces.length; first += batchSize) yield pieces.slice(first, first + batchSize)
    await options.pause(end - start)
    start = skipSpace(text, end, range.end)
  }
}
