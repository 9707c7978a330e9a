import { hashParts, QuernError } from '@quern/core'
import { checkSplitter, describeSplitter, type TextSplitterLike } from './splitting/text-splitter.ts'
import { estimateTokens } from './tokens/estimate-tokens.ts'

/** Raised with every change, here or in the splitter below, that makes other pieces of the same text and options. */
const chunkerVersion = 3

const leastTokens = 8

const formats = ['auto', 'markdown', 'plain', 'code'] as const
const strategies = ['structure', 'recursive', 'code', 'records'] as const

/**
 * How the text of a document is read: `markdown` has headings, tables and fenced code, `plain` has paragraphs and lines, `code` has
 * declarations.
 */
export type TextFormat = 'markdown' | 'plain' | 'code'

/**
 * Where chunks begin and end. `structure`: by sections, blocks, lines, sentences, in source files by declarations. `code`: the same with
 * `format` `code`. `records`: as `structure`, but each segment of a document (record, sheet, page, cue) has chunks of its own, one where it
 * fits. `recursive`: where LangChain's `RecursiveCharacterTextSplitter` cuts and joins. A text splitter: where that one does.
 */
export type ChunkingStrategy = (typeof strategies)[number] | TextSplitterLike

/** Settings of `createChunker`. All but `countTokens` are part of the recipe. */
export interface ChunkerOptions {
  /** Most tokens of one chunk, special tokens and document prefix included: the model's window. From 8. */
  readonly maxTokens: number
  /**
   * Tokens of a text as the model would be sent it, special tokens and document prefix included. Pure, and called only while
   * `split()` is iterated over a document that is not blank. Need not be additive: every finished text is counted. Without it tokens are
   * estimated (`estimateTokens`), and chunks say so.
   */
  readonly countTokens?: (text: string) => number
  /**
   * Tokens that a chunk aims at, from 8 to `maxTokens`; one that ends well may have a quarter more, a fence or table twice as many, and a
   * piece of a given splitter as many as `maxTokens`. Default 384, or `maxTokens` where that is less.
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
   * office formats), `code` for source files, else `plain`.
   */
  readonly format?: TextFormat | 'auto'
  /** Default `structure`. */
  readonly strategy?: ChunkingStrategy
}

/** The options with their defaults. */
export interface ResolvedOptions extends Required<ChunkerOptions> {
  /** Whether `countTokens` estimates. */
  readonly isEstimate: boolean
  /** Most tokens of a chunk in practice: a quarter over the target, but never over `maxTokens`. */
  readonly wholeTokens: number
  /** Most tokens of a chunk that is one fence, table or piece of a splitter. */
  readonly keptTokens: number
}

function optionError(option: string, problem: string, hint: string): QuernError {
  return new QuernError('OPTION_INVALID', `${option} ${problem}`, { hint, details: { option } })
}

function checkWhole(name: string, value: number, [least, most]: readonly [number, number]): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return
  const problem = `must be a whole number from ${least} to ${most}, not ${value}`
  throw optionError(name, problem, `Give ${name} a value in that range.`)
}

function checkOneOf(name: string, value: string, known: readonly string[]): void {
  if (known.includes(value)) return
  const problem = `must be ${known.slice(0, -1).join(', ')} or ${known.at(-1)}, not ${value}`
  throw optionError(name, problem, `Leave it out for the default, ${known[0]}.`)
}

/** Checks options and fills in the defaults. Throws `OPTION_INVALID`. */
export function resolveOptions(options: ChunkerOptions): ResolvedOptions {
  const { maxTokens, countTokens = estimateTokens, overlapTokens = 0, strategy = 'structure' } = options
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
  checkOneOf('format', options.format ?? 'auto', formats)
  if (typeof strategy === 'object' && strategy !== null) checkSplitter(strategy)
  else checkOneOf('strategy', strategy, strategies)
  const sizes = { maxTokens, targetTokens, overlapTokens, breadcrumbTokens }
  return {
    ...sizes,
    countTokens,
    isEstimate: countTokens === estimateTokens,
    strategy,
    format: strategy === 'code' ? 'code' : (options.format ?? 'auto'),
    wholeTokens: Math.min(maxTokens, Math.floor(targetTokens * 1.25)),
    keptTokens: typeof strategy === 'object' ? maxTokens : Math.min(maxTokens, targetTokens * 2),
  }
}

/**
 * Hash of the version of this package's rules and of every option that changes the pieces. The tokenizer is not among them, but
 * whether there is one. Of a splitter, its class and those of its fields that are plain data.
 */
export function recipeOf(options: ResolvedOptions): string {
  const { maxTokens, targetTokens, overlapTokens, breadcrumbTokens, format, isEstimate, strategy } = options
  const sizes = { maxTokens, targetTokens, overlapTokens, breadcrumbTokens }
  const by = typeof strategy === 'object' ? describeSplitter(strategy) : strategy
  return hashParts('chunker', JSON.stringify({ chunkerVersion, ...sizes, format, isEstimate, strategy: by }))
}
