import type { Section } from './find-sections.ts'
import { longestGrapheme } from './graphemes.ts'
import type { Pause } from './pause.ts'
import { splitStretch } from './split-stretch.ts'
import type { TextRange } from './text-range.ts'
import { weigh } from './text-weight.ts'

/** A piece of text that is kept in one chunk where the tokenizer allows it. */
export interface Atom extends TextRange {
  readonly weight: number
  readonly isHeading: boolean
  readonly section: Section
}

const batchSize = 256

/** How `findAtoms` and `splitAtom` go about it. */
export interface AtomOptions {
  /** Most weight of an atom. */
  readonly limit: number
  readonly pause: Pause
}

/**
 * The atoms of some sections in order, in batches: blocks, and small pieces of blocks that weigh more than the limit. What may be
 * one grapheme is left to the tokenizer.
 */
export async function* findAtoms(
  text: string,
  sections: readonly Section[],
  options: AtomOptions,
): AsyncGenerator<readonly Atom[]> {
  let batch: Atom[] = []
  for (const section of sections) {
    for (const { start, end, weight, isHeading } of section.blocks) {
      const atom = { start, end, weight, isHeading, section }
      const isWhole = weight <= options.limit || end - start <= longestGrapheme
      if (isWhole) batch.push(atom)
      if (isWhole && batch.length < batchSize) continue
      yield batch
      batch = []
      if (!isWhole) yield* splitAtom(text, atom, { ...options, limit: options.limit / 2 })
    }
  }
  yield batch
}

/** The pieces of an atom that weigh at most the limit or are one grapheme, in batches; the code points of a single grapheme. */
export async function* splitAtom(text: string, atom: Atom, options: AtomOptions): AsyncGenerator<readonly Atom[]> {
  const { isHeading, section } = atom
  for await (const ranges of splitStretch(text, atom, options)) {
    yield ranges.map(({ start, end }) => ({ start, end, weight: weigh(text, start, end), isHeading, section }))
  }
}
