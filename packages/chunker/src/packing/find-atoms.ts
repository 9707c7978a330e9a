import { splitStretch } from '../splitting/split-stretch.ts'
import type { BlockKind, Section, TableHead } from '../structure/section.ts'
import { longestGrapheme } from '../text/graphemes.ts'
import type { Pause } from '../text/pause.ts'
import type { TextRange } from '../text/text-range.ts'
import { weigh } from '../text/text-weight.ts'

/** A piece of text that is kept in one chunk where the tokenizer allows it. */
export interface Atom extends TextRange {
  readonly weight: number
  readonly kind: BlockKind
  /** A whole fence or table, or what a splitter made: alone it may have `keptTokens`. */
  readonly isKept: boolean
  /** Of the table that the atom is a part of. */
  readonly head?: TableHead | undefined
  /** Of the code that the atom is a part of. */
  readonly language?: string | undefined
  readonly section: Section
}

const batchSize = 256
/** Of the limit: pieces of code are larger than those of prose, so that most functions stay whole. */
const shares = { code: 0.75, prose: 0.5 }

/** How `findAtoms` goes about it. */
export interface AtomOptions {
  /** Most weight of an atom. */
  readonly limit: number
  /** Whether an atom of more weight has no more than `keptTokens` alone. */
  readonly fitsAlone: (atom: Atom) => boolean
  readonly pause: Pause
}

/**
 * The atoms of some sections in order, in batches: blocks, and small pieces of blocks that weigh more than the limit. What may be
 * one grapheme is left to the tokenizer, and so are fences, tables and what a splitter made.
 */
export async function* findAtoms(
  text: string,
  sections: readonly Section[],
  options: AtomOptions,
): AsyncGenerator<readonly Atom[]> {
  const { limit, fitsAlone, pause } = options
  let batch: Atom[] = []
  for (const section of sections) {
    for (const { start, end, weight, kind, head, language } of section.blocks) {
      const atom = { start, end, weight, kind, isKept: mayBeKept(kind), head, language, section }
      const isWhole = weight <= limit || end - start <= longestGrapheme || (atom.isKept && fitsAlone(atom))
      if (isWhole) batch.push(atom)
      if (isWhole && batch.length < batchSize) continue
      yield batch
      batch = []
      const share = isCode(kind) ? shares.code : shares.prose
      if (!isWhole) yield* splitAtom(text, atom, { limit: limit * share, pause })
    }
  }
  yield batch
}

function mayBeKept(kind: BlockKind): boolean {
  return kind === 'fence' || kind === 'table' || kind === 'piece'
}

/** Whether a block holds code, in which indentation tells what belongs together. */
export function isCode(kind: BlockKind): boolean {
  return kind === 'fence' || kind === 'code'
}

/** The pieces of an atom that weigh at most the limit or are one grapheme, in batches; the code points of a single grapheme. */
export async function* splitAtom(
  text: string,
  atom: Atom,
  { limit, pause }: Pick<AtomOptions, 'limit' | 'pause'>,
): AsyncGenerator<readonly Atom[]> {
  const { kind, head, language, section } = atom
  const codeLanguage = isCode(kind) ? (language ?? '') : undefined
  for await (const ranges of splitStretch(text, atom, { limit, language: codeLanguage, pause })) {
    yield ranges.map(({ start, end }) => {
      return { start, end, weight: weigh(text, start, end), kind, isKept: false, head, language, section }
    })
  }
}
