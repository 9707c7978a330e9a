import { hashParts, QuernError } from '@quern/core'

/** Raised with every change, here or in the splitter below, that makes other pieces of the same text and options. */
const chunkerVersion = 1

const leastTokens = 8

/** How the text of a document is read: `markdown` has headings and fenced code, `plain` has paragraphs and lines. */
export type TextFormat = 'markdown' | 'plain'

/** Settings of `createChunker`. All but `countTokens` are part of the recipe. */
export interface ChunkerOptions {
  /** Most tokens of one chunk, special tokens and document prefix included: the model's window. From 8. */
  readonly maxTokens: number
  /**
   * Tokens of a text as the model would be sent it, special tokens and document prefix included. Pure, and called only while
   * `split()` is iterated over a document that is not blank. Need not be additive: every finished text is counted.
   */
  readonly countTokens: (text: string) => number
  /**
   * Tokens that a chunk aims at, from 8 to `maxTokens`; one that ends well may have a quarter more. Default 384, or
   * `maxTokens` where that is less.
   */
  readonly targetTokens?: number
  /** About how many tokens of the text before it a chunk repeats, within its section. At most half of `targetTokens`. Default 0. */
  readonly overlapTokens?: number
  /**
   * Room for the headings above a chunk that are put before its text in `embedText`, in tokens. At most a quarter of
   * `targetTokens`; 0 puts none. Default 64, or that quarter where it is less.
   */
  readonly breadcrumbTokens?: number
  /**
   * Default `auto`, by the media type of each document: `markdown` for Markdown and for what loaders render as Markdown (HTML, PDF,
   * office formats), else `plain`.
   */
  readonly format?: TextFormat | 'auto'
}

/** The options with their defaults. */
export interface ResolvedOptions extends Required<ChunkerOptions> {
  /** Most tokens of a chunk in practice: a quarter over the target, but never over `maxTokens`. */
  readonly wholeTokens: number
}

function optionError(option: string, problem: string, hint: string): QuernError {
  return new QuernError('OPTION_INVALID', `${option} ${problem}`, { hint, details: { option } })
}

function checkWhole(name: string, value: number, [least, most]: readonly [number, number]): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return
  const problem = `must be a whole number from ${least} to ${most}, not ${value}`
  throw optionError(name, problem, `Give ${name} a value in that range.`)
}

/** Checks options and fills in the defaults. Throws `OPTION_INVALID`. */
export function resolveOptions(options: ChunkerOptions): ResolvedOptions {
  const { maxTokens, countTokens, format = 'auto', overlapTokens = 0 } = options
  if (typeof countTokens !== 'function') {
    throw optionError(
      'countTokens',
      `must be a function, not ${typeof countTokens}`,
      'Give the countTokens of the embedder.',
    )
  }
  checkWhole('maxTokens', maxTokens, [leastTokens, 2 ** 24])
  const targetTokens = options.targetTokens ?? Math.min(384, maxTokens)
  checkWhole('targetTokens', targetTokens, [leastTokens, maxTokens])
  checkWhole('overlapTokens', overlapTokens, [0, Math.floor(targetTokens / 2)])
  const quarter = Math.floor(targetTokens / 4)
  const breadcrumbTokens = options.breadcrumbTokens ?? Math.min(64, quarter)
  checkWhole('breadcrumbTokens', breadcrumbTokens, [0, quarter])
  if (!['auto', 'markdown', 'plain'].includes(format)) {
    const hint = 'Leave it out to decide by the media type of each document.'
    throw optionError('format', `must be auto, markdown or plain, not ${format}`, hint)
  }
  const wholeTokens = Math.min(maxTokens, Math.floor(targetTokens * 1.25))
  return { maxTokens, countTokens, targetTokens, overlapTokens, breadcrumbTokens, format, wholeTokens }
}

/** Hash of the version of this package's rules and of every option that changes the pieces; the tokenizer is not among them. */
export function recipeOf(options: ResolvedOptions): string {
  const { maxTokens, targetTokens, overlapTokens, breadcrumbTokens, format } = options
  const settings = { chunkerVersion, maxTokens, targetTokens, overlapTokens, breadcrumbTokens, format }
  return hashParts('chunker', JSON.stringify(settings))
}
