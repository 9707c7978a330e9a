import type { ResolvedOptions } from '../chunker-options.ts'
import type { Heading } from '../structure/section.ts'
import { sharedPath } from '../structure/shared-path.ts'
import { tokenWeight } from '../text/text-weight.ts'
import type { Composer, Piece } from './compose-piece.ts'
import { type Atom, isCode } from './find-atoms.ts'
import { overlapStart } from './overlap-start.ts'

/** A tokenizer may take a word of any length for one unknown token: characters are limited as well. */
const charactersPerToken = 8

/** Whether a piece has no more than so many tokens, nor eight times as many characters. */
export function fits({ tokens, embedText }: Piece, most: number): boolean {
  return tokens <= most && embedText.length <= most * charactersPerToken
}

/** Most tokens of a piece of these atoms. */
export function mostTokens({ wholeTokens, keptTokens }: ResolvedOptions, atoms: readonly Atom[]): number {
  return atoms.length === 1 && atoms[0]?.isKept === true ? keptTokens : wholeTokens
}

/** The headings that all text of the atoms stands under. */
function pathOf(atoms: readonly Atom[]): readonly Heading[] {
  const withBody = atoms.filter((atom) => atom.kind !== 'heading')
  const sections = new Set((withBody.length > 0 ? withBody : atoms).map(({ section }) => section))
  return sharedPath([...sections])
}

/**
 * The piece of some atoms. What it repeats of the text before it begins at `floor` at the earliest and in its own section; half of
 * that where all does not fit, and nothing where even a lone atom does not fit with it.
 */
export function composeAtoms({ text, options, compose }: Composer, atoms: readonly Atom[], floor: number): Piece {
  const first = atoms[0] as Atom
  const range = { start: first.start, end: (atoms.at(-1) as Atom).end }
  const above = { path: pathOf(atoms), head: first.head }
  const lowest = Math.max(floor, first.section.from)
  if (options.overlapTokens === 0 || first.start <= lowest) return compose(range, above)
  const most = mostTokens(options, atoms)
  const overlapping = (weight: number): Piece => {
    const start = overlapStart(text, first.start, { lowest, weight, isCode: isCode(first.kind) })
    return compose({ ...range, start }, above)
  }
  const whole = overlapping(options.overlapTokens * tokenWeight)
  if (fits(whole, most)) return whole
  const half = overlapping((options.overlapTokens * tokenWeight) / 2)
  return fits(half, most) || atoms.length > 1 ? half : compose(range, above)
}
