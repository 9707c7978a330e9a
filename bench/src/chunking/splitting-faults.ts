import type { SplitPiece } from './chunking-ways.ts'

/** Share of neighbours where the second begins with what the first ends with: at least this many characters. */
const leastShared = 8
const mostShared = 1500

function sharesText(before: string, after: string): boolean {
  const most = Math.min(before.length, after.length, mostShared)
  for (let length = leastShared; length <= most; length++) {
    if (before.endsWith(after.slice(0, length))) return true
  }
  return false
}

/** Share of the pieces, but for the first, that begin with the end of the one before. */
export function overlapShare(pieces: readonly SplitPiece[]): number {
  const sharing = pieces.filter(({ text }, index) => index > 0 && sharesText(pieces[index - 1]?.text ?? '', text))
  return sharing.length / (pieces.length - 1)
}

/** Pieces without overlap of which the lines are told wrong. */
export function countWrongLines(text: string, pieces: readonly SplitPiece[]): number {
  let wrong = 0
  let line = 1
  let end = 0
  for (const piece of pieces) {
    const start = text.indexOf(piece.text, end)
    line += text.slice(end, start).split('\n').length - 1
    const to = line + piece.text.split('\n').length - 1
    if (start === -1 || piece.lines.from !== line || piece.lines.to !== to) wrong++
    line = to
    end = start + piece.text.length
  }
  return wrong
}

/** Pieces that begin or end inside a surrogate pair. */
export function countIllFormed(pieces: readonly SplitPiece[]): number {
  return pieces.filter(({ text }) => !text.isWellFormed()).length
}

/** Fences and tables that no piece holds whole. */
export function countCut(blocks: readonly string[], pieces: readonly SplitPiece[]): number {
  return blocks.filter((block) => !pieces.some(({ text }) => text.includes(block))).length
}

/** The fences and tables of a Markdown text. */
export function wholeBlocks(text: string): string[] {
  return text.match(/^```[^]*?^```$|^\|.*\n\| ---.*(?:\n\|.*)*/gm) ?? []
}
