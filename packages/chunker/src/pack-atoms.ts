import { QuernError } from '@quern/core'
import { type AtomQueue, createAtomQueue } from './atom-queue.ts'
import { chooseCut, type CutLimits } from './choose-cut.ts'
import type { ResolvedOptions } from './chunker-options.ts'
import type { Composer, Piece } from './compose-piece.ts'
import { type Atom, findAtoms, splitAtom } from './find-atoms.ts'
import type { Heading, Section } from './find-sections.ts'
import { codePointEnd, graphemeEnd, longestGrapheme } from './graphemes.ts'
import { overlapStart } from './overlap-start.ts'
import type { Pause } from './pause.ts'
import { tokenWeight, weigh } from './text-weight.ts'

/** What the packing of one group needs. */
interface Packing {
  readonly composer: Composer
  readonly queue: AtomQueue
  readonly pause: Pause
}

/** Leaves room for tokens that the estimate did not see. */
const fill = 0.88
/** A tokenizer may take a word of any length for one unknown token: characters are limited as well. */
const charactersPerToken = 8
/** Characters that a chunk counts for at least when it comes to a pause. */
const leastWork = 512

function limitsOf(whole: number): CutLimits {
  return { least: whole * fill * 0.5, most: whole * fill, whole }
}

function fits({ wholeTokens }: ResolvedOptions, { tokens, embedText }: Piece): boolean {
  return tokens <= wholeTokens && embedText.length <= wholeTokens * charactersPerToken
}

/** Weight that a chunk that starts with this atom has room for. */
function roomFor({ options, addedTokens }: Composer, { section, start }: Atom): number {
  const { wholeTokens, overlapTokens } = options
  const rest = wholeTokens - addedTokens(section.path, start) - overlapTokens
  return Math.max(rest, wholeTokens / 4) * tokenWeight
}

/** The headings that all text of the atoms stands under. */
function sharedPath(atoms: readonly Atom[]): readonly Heading[] {
  const withBody = atoms.filter((atom) => !atom.isHeading)
  const sections = new Set((withBody.length > 0 ? withBody : atoms).map(({ section }) => section))
  const [first, ...others] = sections
  return (first?.path ?? []).filter((heading, depth) => others.every(({ path }) => path[depth] === heading))
}

/**
 * The piece of some atoms. What it repeats of the text before it begins at `floor` at the earliest and in its own section; half of
 * that where all does not fit, and nothing where even a lone atom does not fit with it.
 */
function composeAtoms({ text, options, compose }: Composer, atoms: readonly Atom[], floor: number): Piece {
  const first = atoms[0] as Atom
  const range = { start: first.start, end: (atoms.at(-1) as Atom).end }
  const path = sharedPath(atoms)
  const lowest = Math.max(floor, first.section.blocks[0]?.start ?? first.start)
  if (options.overlapTokens === 0 || first.start <= lowest) return compose(range, path)
  const weight = options.overlapTokens * tokenWeight
  const whole = compose({ ...range, start: overlapStart(text, first.start, { lowest, weight }) }, path)
  if (fits(options, whole)) return whole
  const half = compose({ ...range, start: overlapStart(text, first.start, { lowest, weight: weight / 2 }) }, path)
  return fits(options, half) || atoms.length > 1 ? half : compose(range, path)
}

/** Puts the pieces of an atom that weigh at most `limit` in its place. */
async function refine({ composer, queue, pause }: Packing, index: number, limit: number): Promise<void> {
  const pieces: Atom[] = []
  for await (const batch of splitAtom(composer.text, queue.atoms[index] as Atom, { limit, pause })) {
    for (const piece of batch) pieces.push(piece)
  }
  queue.replace(index, pieces)
}

/**
 * The piece of atoms that are but one grapheme, without breadcrumb and indentation and whatever the target is. Undefined where
 * less text may fit; throws `TEXT_TOO_LONG` where it is one code point.
 */
function lastResort({ text, options, compose }: Composer, atoms: readonly Atom[]): Piece | undefined {
  const { maxTokens } = options
  const atom = atoms[0] as Atom
  if (atoms.length > 1 || graphemeEnd(text, atom.start) < atom.end) return undefined
  const piece = compose(atom, atom.section.path, true)
  if (piece.tokens <= maxTokens) return piece
  if (codePointEnd(text, atom.start) < atom.end) return undefined
  throw new QuernError(
    'TEXT_TOO_LONG',
    `the character at offset ${atom.start} makes ${piece.tokens} tokens with all that is added to a text, and maxTokens is ${maxTokens}`,
    { hint: 'Raise maxTokens or shorten the document prefix.', details: { offset: atom.start, tokens: piece.tokens } },
  )
}

/** Whether the first `count` atoms would leave their heading alone although some of the block below it could join them. */
function leavesHeading({ queue }: Packing, count: number, room: number): boolean {
  const next = queue.atoms[count]
  if (count === 0 || next === undefined || queue.atoms[count - 1]?.isHeading !== true || next.isHeading) return false
  if (next.weight <= room / 2 || next.end - next.start <= longestGrapheme) return false
  const taken = queue.atoms.slice(0, count).reduce((sum, atom) => sum + atom.weight, 0)
  return taken < room / 2
}

/** The next piece, taken from the queue. Where the tokenizer finds the estimate too low, less room is tried until it agrees. */
async function nextPiece(packing: Packing, options: { isEnd: boolean; floor: number }): Promise<Piece> {
  const { composer, queue } = packing
  const { text } = composer
  const { wholeTokens } = composer.options
  let room = roomFor(composer, queue.atoms[0] as Atom)
  for (;;) {
    const count = chooseCut(text, queue.atoms, { ...limitsOf(room), isEnd: options.isEnd })
    if (leavesHeading(packing, count, room)) {
      await refine(packing, count, room / 2)
      continue
    }
    const chosen = queue.atoms.slice(0, Math.max(1, count))
    const [first] = chosen as [Atom]
    const composed = composeAtoms(composer, chosen, options.floor)
    const piece = fits(composer.options, composed) ? composed : lastResort(composer, chosen)
    if (piece !== undefined) {
      queue.drop(chosen.length)
      return piece
    }
    const weight = weigh(text, first.start, chosen.at(-1)?.end)
    room = Math.min(room * 0.75, (weight * wholeTokens * 0.95) / composed.tokens)
    if (chosen.length === 1) await refine(packing, 0, Math.min(room, weight * 0.5))
  }
}

/** The pieces of a group in order, none over the limits. Between them is only white space. */
export async function* packAtoms(composer: Composer, group: readonly Section[], pause: Pause): AsyncGenerator<Piece> {
  const most = composer.options.wholeTokens * tokenWeight
  const { text } = composer
  const queue = createAtomQueue(text, findAtoms(text, group, { limit: most, pause }))
  let floor = 0
  for (;;) {
    const isEnd = await queue.fill(most * 2)
    const start = queue.atoms[0]?.start
    if (start === undefined) return
    const piece = await nextPiece({ composer, queue, pause }, { isEnd, floor })
    floor = start
    yield piece
    await pause(Math.max(piece.end - piece.start, leastWork))
  }
}
