import { join } from 'node:path'
import type { SourceChunks } from '@quern/core'
import { loadDriver } from '../src/driver/lance-driver.ts'
import { openLanceStore } from '../src/index.ts'
import { sourceOf, spaceOf } from './sample-store.ts'

const dimensions = 512
const space = spaceOf(dimensions)
/** Sources of the store. */
const sourceCount = 500
const chunksEach = 10

/** A source as it is after `revision` changes, of which each gives half of its chunks other texts. */
function sourceAt(number: number, revision: number): SourceChunks {
  const texts = Array.from(
    { length: chunksEach },
    (_, chunk) => `${chunk} of ${number}, revision ${chunk % 2 === 0 ? revision : 0}: ${'words and more '.repeat(20)}`,
  )
  return sourceOf(`docs/${number}.md`, texts, { dimensions })
}

async function commit(uri: string, put: readonly SourceChunks[]): Promise<void> {
  await using store = await openLanceStore({ uri, mode: 'write', space, wordIndex: 'never' })
  await store.commit({ put: [...put] })
}

/** Size of a store. */
export interface StoreSize {
  /** Of all its files, old versions included. */
  readonly bytes: number
  /** Most fragments of any table. */
  readonly fragments: number
  readonly chunks: number
}

async function sizeOf(uri: string): Promise<StoreSize> {
  const { lance } = await loadDriver()
  const connection = await lance.connect(uri)
  let fragments = 0
  for (const name of ['chunks', 'meta']) {
    const { fragmentStats } = await (await connection.openTable(name)).stats()
    fragments = Math.max(fragments, fragmentStats.numFragments)
  }
  connection.close()
  await using store = await openLanceStore({ uri, mode: 'read' })
  const { chunks, bytes } = await store.stats()
  return { bytes, fragments, chunks }
}

/**
 * Makes a store, and `runs` runs on it of which each opens it, commits one changed source and closes it. Returns its size, the largest number of
 * fragments that any run left, and the size of a store with the same content that was made in one go.
 */
export async function smallRuns(
  folder: string,
  runs: number,
): Promise<{ readonly after: StoreSize; readonly mostFragments: number; readonly fresh: StoreSize }> {
  const uri = join(folder, 'runs')
  const sources = Array.from({ length: sourceCount }, (_, number) => sourceAt(number, 0))
  await commit(uri, sources)
  let mostFragments = 0
  for (let run = 1; run <= runs; run++) {
    const number = run % sourceCount
    const source = sourceAt(number, run)
    sources[number] = source
    await commit(uri, [source])
    if (run % 10 === 0) mostFragments = Math.max(mostFragments, (await sizeOf(uri)).fragments)
  }
  const freshUri = join(folder, 'fresh')
  await commit(freshUri, sources)
  return { after: await sizeOf(uri), mostFragments, fresh: await sizeOf(freshUri) }
}
