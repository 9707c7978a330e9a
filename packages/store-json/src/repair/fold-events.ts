import type { SourceState } from '@quern/core'
import type { RecordedRange } from '../format/recorded-range.ts'
import { dataFileNumber } from '../format/store-layout.ts'
import type { StringList } from '../string-list.ts'
import type { FoundSource } from './sealed-sources.ts'
import type { SourceFileScan } from './scan-source-file.ts'

/** What is known of a source: its newest state and where its chunks should stand. */
export interface KnownSource {
  readonly state: SourceState
  readonly textHashes: StringList
  readonly range: RecordedRange | undefined
  /** Number of the file that tells so. */
  readonly told: number
  /** Whether it was found in a chunk file, where copies have the state of the first put. */
  readonly copied: boolean
}

type Happening =
  | { readonly at: number; readonly put: KnownSource }
  | { readonly at: number; readonly touch: SourceState }
  | { readonly at: number; readonly delete: string }

/** Names a place in a chunk file. */
export function rangeKey({ file, offset }: Pick<RecordedRange, 'file' | 'offset'>): string {
  return `${file}:${offset}`
}

function recorded({ file, records }: SourceFileScan): Happening[] {
  const at = dataFileNumber(file)
  return records.map(({ record }): Happening => {
    if ('touch' in record) return { at, touch: record.touch }
    if ('delete' in record) return { at, delete: record.delete }
    return {
      at,
      put: { state: record.put, textHashes: record.textHashes, range: record.chunks, told: at, copied: false },
    }
  })
}

function sealed({ state, textHashes, range }: FoundSource): Happening {
  const at = dataFileNumber(range.file)
  return { at, put: { state, textHashes, range, told: at, copied: true } }
}

/** What a later put leaves of an earlier one. The very same bytes are a copy: the state that was known stays, with its touches. */
function combine(before: KnownSource | undefined, put: KnownSource): KnownSource {
  const isCopy = before !== undefined && before.range?.sha256 === put.range?.sha256 && put.copied
  return isCopy ? { ...before, range: put.range, told: put.told } : put
}

/**
 * What became of each source, from the records of source files and, where some are missing, from the sources found in chunk files.
 *
 * All data files of a store are numbered in one row, so what a file with a higher number tells is newer. That holds for copies, too: only
 * the newest chunks of a source are ever copied, into files with higher numbers than all before. A record counts more than the seal of
 * the very chunks that it names: it may bring a newer state.
 */
export function foldEvents(files: readonly SourceFileScan[], found: readonly FoundSource[]): Map<string, KnownSource> {
  const records = files.flatMap(recorded)
  const named = new Set(
    records.map((event) => ('put' in event && event.put.range !== undefined ? rangeKey(event.put.range) : undefined)),
  )
  const seals = found.filter(({ range }) => !named.has(rangeKey(range))).map(sealed)
  const sources = new Map<string, KnownSource>()
  for (const event of [...records, ...seals].toSorted((a, b) => a.at - b.at)) {
    if ('put' in event) sources.set(event.put.state.id, combine(sources.get(event.put.state.id), event.put))
    else if ('delete' in event) sources.delete(event.delete)
    else {
      const before = sources.get(event.touch.id)
      if (before?.state.chunkCount !== event.touch.chunkCount) continue
      sources.set(event.touch.id, { ...before, state: event.touch })
    }
  }
  return sources
}
