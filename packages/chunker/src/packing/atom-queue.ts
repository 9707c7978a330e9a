import type { Atom } from './find-atoms.ts'
import { weigh } from '../text/text-weight.ts'

/** The atoms that come next, found only as far ahead as a decision needs. */
export interface AtomQueue {
  readonly atoms: readonly Atom[]
  /** Finds atoms until they weigh more than `weight` or there are no more; whether they are the last. */
  fill(weight: number): Promise<boolean>
  /** Puts other atoms in the place of one. */
  replace(index: number, atoms: readonly Atom[]): void
  /** Drops the first atoms. */
  drop(count: number): void
}

/** A queue over batches of atoms. */
export function createAtomQueue(text: string, batches: AsyncIterator<readonly Atom[]>): AtomQueue {
  let atoms: Atom[] = []
  let ended = false
  const measure = (most: number): boolean => {
    let weight = 0
    let last: Atom | undefined
    for (const atom of atoms) {
      weight += atom.weight + (last === undefined ? 0 : weigh(text, last.end, atom.start))
      if (weight > most) return true
      last = atom
    }
    return false
  }
  return {
    get atoms() {
      return atoms
    },
    async fill(weight) {
      while (!ended && !measure(weight)) {
        const next = await batches.next()
        if (next.done === true) ended = true
        else atoms = atoms.concat(next.value)
      }
      return ended && !measure(weight)
    },
    replace(index, replacements) {
      atoms = [...atoms.slice(0, index), ...replacements, ...atoms.slice(index + 1)]
    },
    drop(count) {
      atoms = atoms.slice(count)
    },
  }
}
