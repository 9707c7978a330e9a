import type { Section } from '../structure/section.ts'
import { sharedPath } from '../structure/shared-path.ts'
import type { Pause } from '../text/pause.ts'
import { skipSpace, type TextRange } from '../text/text-range.ts'
import { weigh } from '../text/text-weight.ts'
import { locatePieces } from './locate-pieces.ts'
import type { TextSplitterLike } from './text-splitter.ts'
import { windowEnd } from './window-end.ts'

/** Splitters overflow the call stack on several 100,000 pieces. */
const longestWindow = 2 ** 17

/** How `groupPieces` goes about it. */
export interface PieceOptions {
  readonly splitter: TextSplitterLike
  readonly isCode: boolean
  readonly pause: Pause
}

/** The text of the sections of each part, without the white space around it. */
function partRanges(sections: readonly Section[]): TextRange[] {
  const ranges = new Map<number, { start: number; end: number }>()
  for (const { part, blocks } of sections) {
    const [start, end] = [blocks[0]?.start ?? 0, blocks.at(-1)?.end ?? 0]
    const range = ranges.get(part)
    if (range === undefined) ranges.set(part, { start, end })
    else range.end = end
  }
  return [...ranges.values()]
}

/** The pieces of a range of text, where a splitter cuts it. */
async function* splitPart(text: string, range: TextRange, options: PieceOptions): AsyncGenerator<TextRange> {
  for (let start = range.start; start < range.end;) {
    const end = windowEnd(text, { start, end: range.end }, { longest: longestWindow, isCode: options.isCode })
    const pieces = await options.splitter.splitText(text.slice(start, end))
    for (const piece of locatePieces(text.slice(start, end), pieces)) {
      yield { start: start + piece.start, end: start + piece.end }
    }
    await options.pause(end - start)
    start = skipSpace(text, end, range.end)
  }
}

/** What a splitter makes of the text of some sections: each piece a group of its own, under the headings that all of it stands under. */
export async function* groupPieces(
  text: string,
  sections: readonly Section[],
  options: PieceOptions,
): AsyncGenerator<readonly Section[]> {
  let first = 0
  for (const range of partRanges(sections)) {
    for await (const { start, end } of splitPart(text, range, options)) {
      while ((sections[first + 1]?.from ?? Infinity) <= start) first++
      let last = first
      while ((sections[last + 1]?.from ?? Infinity) < end) last++
      const { part, from } = sections[first] as Section
      const block = { start, end, kind: 'piece', weight: weigh(text, start, end) } as const
      yield [{ path: sharedPath(sections.slice(first, last + 1)), blocks: [block], part, from }]
    }
  }
}
