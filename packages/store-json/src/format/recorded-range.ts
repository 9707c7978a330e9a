import { isCount } from './is-count.ts'
import { chunkFolder, isDataFile, singleFileName } from './store-layout.ts'

/** Bytes of a compressed block in the file, and of the lines that it holds. */
export type Block = readonly [stored: number, plain: number]

/** Where a source's chunks stand, as it is written. */
export interface RecordedRange {
  readonly file: string
  readonly offset: number
  readonly bytes: number
  /** SHA-256 (hex) of these bytes, as they stand in the file. */
  readonly sha256: string
  /** The blocks one after another, in a file that is compressed. */
  readonly blocks?: readonly Block[]
}

type Unchecked<T> = { readonly [Key in keyof T]?: unknown }

function isBlock(value: unknown): value is Block {
  return Array.isArray(value) && value.length === 2 && value.every(isCount)
}

/** What is wrong with a range that was read, or undefined when nothing is; completes "the line …". */
export function rangeFault(value: unknown): string | undefined {
  const range = (typeof value === 'object' && value !== null ? value : {}) as Unchecked<RecordedRange>
  const { file, offset, bytes, sha256, blocks } = range
  const named = typeof file === 'string' && (file === singleFileName || isDataFile(chunkFolder, file))
  if (!named || typeof sha256 !== 'string' || !isCount(offset) || !isCount(bytes)) {
    return 'does not say where the chunks stand'
  }
  if (blocks === undefined) return undefined
  const sound = Array.isArray(blocks) && blocks.every(isBlock) && storedBytes(blocks) === bytes
  return sound ? undefined : 'has blocks that are not its bytes'
}

function storedBytes(blocks: readonly Block[]): number {
  return blocks.reduce((sum, [stored]) => sum + stored, 0)
}
