import { sha256, systemErrorCode } from '@quern/core'
import { openToRead, wrapChunkFile } from '../files/chunk-file.ts'
import type { RecordedRange } from '../format/recorded-range.ts'
import { dataFileNumber, storePath } from '../format/store-layout.ts'
import type { KnownSource } from './fold-events.ts'
import { rangeKey } from './fold-events.ts'
import type { ChunkFileScan } from './scan-chunk-file.ts'

/** Whether the bytes of a range are those that were written, though the lines around them may not be. */
async function isIntact(store: string, { file, offset, bytes, sha256: sum }: RecordedRange): Promise<boolean> {
  try {
    const handle = await openToRead(storePath(store, file))
    const { size } = await handle.stat()
    await using opened = wrapChunkFile(handle, size, { file, path: storePath(store, file), form: 'lines', base: 0 })
    return offset + bytes <= size && sha256(await opened.read(offset, bytes)) === sum
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false
    throw error
  }
}

async function isSound({ range }: KnownSource, { store, chunkFiles }: Judging, found: ReadonlyMap<string, string>) {
  if (range === undefined || found.get(rangeKey(range)) === range.sha256) return true
  return chunkFiles.has(range.file) && (await isIntact(store, range))
}

/** Ids of sources of which a chunk file holds damaged lines, with the number of the newest such file. */
function unsoundIds(chunkFiles: ReadonlyMap<string, ChunkFileScan>): Map<string, number> {
  const ids = new Map<string, number>()
  for (const [file, { unsound }] of chunkFiles) for (const id of unsound) ids.set(id, dataFileNumber(file))
  return ids
}

/** Which sources of a store are left. */
export interface Judgement {
  /** Whole and sound ones. */
  readonly sources: readonly KnownSource[]
  /** Ids of those that are not, or no longer with all that they had. */
  readonly lost: readonly string[]
}

/** What is known of a store, and what stands there. */
export interface Judging {
  readonly store: string
  readonly known: ReadonlyMap<string, KnownSource>
  readonly chunkFiles: ReadonlyMap<string, ChunkFileScan>
  readonly recordsWhole: boolean
  /** Sources that are not to be kept, whatever is found of them. */
  readonly refused: ReadonlySet<string>
  readonly damage: Map<string, string>
}

/** Which of the known sources are there, and which are lost. Adds the files with damaged sources to the damage. */
export async function judgeSources(judging: Judging): Promise<Judgement> {
  const { known, chunkFiles, recordsWhole, refused, damage } = judging
  const found = new Map<string, string>()
  for (const scan of chunkFiles.values()) for (const { range } of scan.found) found.set(rangeKey(range), range.sha256)
  const unsound = recordsWhole ? new Map<string, number>() : unsoundIds(chunkFiles)
  const sources: KnownSource[] = []
  const lost = new Set<string>()
  for (const [id, source] of known) {
    const sound = await isSound(source, judging, found)
    if (!sound && source.range !== undefined && !damage.has(source.range.file)) {
      damage.set(source.range.file, `chunks of ${id} are damaged`)
    }
    const kept = sound && !refused.has(id)
    if (kept) sources.push(source)
    // Newer lines of it that are damaged may be those of a commit that was never finished: what is older stays, but is named.
    if (!kept || (unsound.get(id) ?? -1) > source.told) lost.add(id)
  }
  for (const id of unsound.keys()) if (!known.has(id)) lost.add(id)
  return { sources, lost: [...lost] }
}
