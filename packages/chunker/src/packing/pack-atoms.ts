import { QuernError } from '@quern/core'
import type { Section } from '../structure/section.ts'
import { sharedPath } from '../structure/shared-path.ts'
import { codePointEnd, graphemeEnd, longestGrapheme } from '../text/graphemes.ts'
import type { Pause } from '../text/pause.ts'
import { tokenWeight, weigh } from '../text/text-weight.ts'
import { type AtomQueue, createAtomQueue } from './atom-queue.ts'
import { chooseCut, type CutLimits } from './choose-cut.ts'
import { composeAtoms, fits, mostTokens } from './compose-atoms.ts'
import type { Composer, Piece } from './compose-piece.ts'
import { type Atom, findAtoms, splitAtom } from './find-atoms.ts'

/** What the packing of one group needs. */
interface Packing {
  readonly composer: Composer
  readonly queue: AtomQueue
  readonly pause: Pause
  /** Where the piece before begins. */
  readonly floor: number
}

/** Leaves room for tokens that the estimate did not see. */
const fill = 0.88
/** Characters that a chunk counts for at least when it comes to a pause. */
const leastWork = 512

function limitsOf(whole: number): CutLimits {
  return { least: whole * fill * 0.5, most: whole * fill, whole }
}

/** Weight that a chunk that starts with this atom has room for. */
function roomFor({ options, addedTokens }: Composer, { section, head, start }: Atom): number {
  const { wholeTokens, overlapTokens } = options
  const rest = wholeTokens - addedTokens({ path: section.path, head }, start) - overlapTokens
  return Math.max(rest, wholeTokens / 4) * tokenWeight
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
  const piece = compose(atom, { path: atom.section.path }, true)
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
  if (count === 0 || next === undefined || queue.atoms[count - 1]?.kind !== 'heading') return false
  if (next.kind === 'heading' || next.weight <= room / 2 || next.end - next.start <= longestGrapheme) return false
  const taken = queue.atoms.slice(0, count).reduce((sum, atom) => sum + atom.weight, 0)
  return taken < room / 2
}

/** The piece of a heading and the whole fence or table below it, which is more than other chunks may have. */
function withKept({ composer, queue, floor }: Packing, count: number): Piece | undefined {
  const piece = composeAtoms(composer, queue.atoms.slice(0, count + 1), floor)
  return fits(piece, composer.options.keptTokens) ? piece : undefined
}

/** The next piece, taken from the queue. Where the tokenizer finds the estimate too low, less room is tried until it agrees. */
async function nextPiece(packing: Packing, isEnd: boolean): Promise<Piece> {
  const { composer, queue, floor } = packing
  const { text, options } = composer
  let room = roomFor(composer, queue.atoms[0] as Atom)
  for (;;) {
    const count = chooseCut(text, queue.atoms, { ...limitsOf(room), isEnd })
    if (leavesHeading(packing, count, room)) {
      const isKept = queue.atoms[count]?.isKept === true
      const piece = isKept ? withKept(packing, count) : undefined
      if (piece !== undefined) {
        queue.drop(count + 1)
        return piece
      }
      if (!isKept) {
        await refine(packing, count, room / 2)
        continue
      }
    }
    const chosen = queue.atoms.slice(0, Math.max(1, count))
    const composed = composeAtoms(composer, chosen, floor)
    const piece = fits(composed, mostTokens(options, chosen)) ? composed : lastResort(composer, chosen)
    if (piece !== undefined) {
      queue.drop(chosen.length)
      return piece
    }
    const weight = weigh(text, chosen[0]?.start, chosen.at(-1)?.end)
    room = Math.min(room * 0.75, (weight * options.wholeTokens * 0.95) / composed.tokens)
    if (chosen.length === 1) await refine(packing, 0, Math.min(room, weight * 0.5))
  }
}

/** The piece of all sections, where it is no more than a chunk may be. */
function wholeGroup({ text, options, compose }: Composer, group: readonly Section[]): Piece | undefined {
  const start = group[0]?.blocks[0]?.start ?? 0
  const end = group.at(-1)?.blocks.at(-1)?.end ?? text.length
  if (end - start > options.wholeTokens * 8) return undefined
  const piece = compose({ start, end }, { path: sharedPath(group) })
  return fits(piece, options.wholeTokens) ? piece : undefined
}

/** Where the piece before a group begins. */
export interface Floor {
  start: number
}

/** The pieces of a group in order, none over the limits. Between them is only white space. Tells `before` of each. */
export async function* packAtoms(
  composer: Composer,
  group: readonly Section[],
  { before, pause }: { readonly before: Floor; readonly pause: Pause },
): AsyncGenerator<Piece> {
  const { text, options } = composer
  const whole = options.strategy === 'records' ? wholeGroup(composer, group) : undefined
  if (whole !== undefined) {
    before.start = whole.start
    yield whole
    await pause(Math.max(whole.end - whole.start, leastWork))
    return
  }
  const most = options.wholeTokens * tokenWeight
  const fitsAlone = (atom: Atom): boolean =>
    atom.end - atom.start <= options.keptTokens * 8 &&
    fits(composeAtoms(composer, [atom], atom.start), options.keptTokens)
  const queue = createAtomQueue(text, findAtoms(text, group, { limit: most, fitsAlone, pause }))
  for (;;) {
    const isEnd = await queue.fill(most * 2)
    const start = queue.atoms[0]?.start
    if (start === undefined) return
    const piece = await nextPiece({ composer, queue, pause, floor: before.start }, isEnd)
    before.start = start
    yield piece
    await pause(Math.max(piece.end - piece.start, leastWork))
  }
}
