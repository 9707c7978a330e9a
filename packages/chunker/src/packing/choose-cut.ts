import { boundaryRank, lowestBlockRank } from './boundary-rank.ts'
import { contentHash } from '../text/content-hash.ts'
import type { Atom } from './find-atoms.ts'
import { weigh } from '../text/text-weight.ts'

/** Weights between which a chunk should be. */
export interface CutLimits {
  /** A cut by sense is looked for from here … */
  readonly least: number
  /** … to here. */
  readonly most: number
  /** Never more than this. */
  readonly whole: number
}

const penalties = { short: 30, shortSection: 1, long: 10, tail: 15 }
/** More than all penalties, so that cuts meet again after an edit even where chunks have few atoms and no choice. */
const landmarkBonus = 100
/** How many chunks there are to a landmark. */
const landmarkDistance = 8

/** Weight from which a section, or what ends at a landmark, may be a chunk of its own, as a share of `most`. */
const smallestShare = 0.2

function sizePenalty(weight: number, rank: number, { least, most }: CutLimits): number {
  if (weight > most) return penalties.long
  if (weight >= least) return 0
  if (rank < lowestBlockRank && weight >= most * smallestShare) return penalties.shortSection
  return penalties.short * (2 - weight / least)
}

/** Whether a chunk should end after this atom though it be short: so says a hash, the more often the heavier the atoms are. */
function isLandmark(hash: number, { weight, kind }: Atom, most: number): boolean {
  return kind !== 'heading' && hash < (2 ** 32 * weight) / (most * landmarkDistance)
}

/** The weight of the atoms, up to each of them. */
function runningWeights(text: string, atoms: readonly Atom[], most: number): number[] {
  const weights: number[] = []
  let weight = 0
  for (const [index, atom] of atoms.entries()) {
    const before = atoms[index - 1]
    weight += atom.weight + (before === undefined ? 0 : weigh(text, before.end, atom.start))
    weights.push(weight)
    if (weight > most) break
  }
  return weights
}

/**
 * How many of the first atoms make the next chunk: all that are left where that is not too much, else up to the best boundary
 * within the limits; of equally good ones that with the lowest hash of the characters around it, so that after an edit the cuts
 * soon fall where they fell before. 0 if already the first atom is too much, or there is none.
 */
export function chooseCut(
  text: string,
  atoms: readonly Atom[],
  options: CutLimits & { readonly isEnd: boolean },
): number {
  const { least, most, whole, isEnd } = options
  const weights = runningWeights(text, atoms, whole + least)
  const last = weights.at(-1) ?? 0
  if (isEnd && weights.length === atoms.length && last <= whole) return atoms.length
  let best = { count: 0, cost: Infinity, hash: 0 }
  for (let count = 1; count < weights.length; count++) {
    const weight = weights[count - 1] as number
    if (weight > whole) break
    const before = atoms[count - 1] as Atom
    const after = atoms[count] as Atom
    const rank = boundaryRank(text, before, after)
    const leavesTail = isEnd && weights.length === atoms.length && last - weight < least / 2
    const hash = contentHash(text, before.end - 24, after.start + 40)
    const bonus = weight >= most * smallestShare && isLandmark(hash, before, most) ? landmarkBonus : 0
    const cost = rank + sizePenalty(weight, rank, options) + (leavesTail ? penalties.tail : 0) - bonus
    if (cost < best.cost || (cost === best.cost && hash <= best.hash)) best = { count, cost, hash }
  }
  return best.count
}
