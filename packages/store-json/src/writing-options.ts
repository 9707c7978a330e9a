import { QuernError } from '@quern/core'
import type { VectorEncoding } from './format/chunk-line.ts'
import type { Compression } from './format/compression.ts'
import { assertCompression } from './format/compression.ts'
import type { JsonStoreOptions, StoreLayout } from './json-store-options.ts'

/** How new data is written. What is there already stays as it is. */
export interface WritingOptions {
  /** Undefined: by the number of chunks. */
  readonly encoding: VectorEncoding | undefined
  readonly compression: Compression
  readonly layout: StoreLayout
  /** Most chunks of a store in a single file, where the layout is `auto`. */
  readonly singleFileChunks: number
  /** Bytes of entries that a single file may have. */
  readonly longestSingleFile: number
}

/** A longer file is past its use: each commit writes it anew, and a program that reads it whole needs several times its length. */
const longestSingleFile = 2 ** 28

const defaultSingleFileChunks = 2000
/** A store of more chunks gets its further vectors as base64, where no encoding is asked for. */
const decimalChunks = 10_000

const layouts: ReadonlySet<unknown> = new Set(['auto', 'single', 'segments'])
const encodings: ReadonlySet<unknown> = new Set(['decimal', 'base64', undefined])

function refuse(message: string, hint: string): never {
  throw new QuernError('OPTION_INVALID', message, { hint })
}

/** The writing options of a store, checked. Throws `OPTION_INVALID`. */
export function resolveWriting(options: JsonStoreOptions): WritingOptions {
  const { encoding, compression = 'none', layout = 'auto', singleFileChunks = defaultSingleFileChunks } = options
  if (!layouts.has(layout)) refuse(`there is no layout ${layout}`, 'Use one of auto, single, segments.')
  if (!encodings.has(encoding)) refuse(`there is no encoding ${encoding}`, 'Use decimal or base64, or give none.')
  if (!Number.isSafeInteger(singleFileChunks) || singleFileChunks < 0) {
    refuse(`singleFileChunks is ${singleFileChunks}`, 'Give a whole number from 0.')
  }
  assertCompression(compression)
  return { encoding, compression, layout, singleFileChunks, longestSingleFile }
}

/** The encoding of vectors that are added to a store that holds `chunks` chunks afterwards. */
export function encodingFor({ encoding }: WritingOptions, chunks: number): VectorEncoding {
  return encoding ?? (chunks > decimalChunks ? 'base64' : 'decimal')
}
