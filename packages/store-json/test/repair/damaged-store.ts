import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { RepairReport, SourceState, StoredChunk, VectorStore } from '@quern/core'
import { compareStrings } from '@quern/core'
import { expect } from 'vitest'
import { openJsonStore } from '../../src/index.ts'
import type { JsonStoreOptions } from '../../src/index.ts'
import { openStore } from '../../src/open-store.ts'
import { repairFolder } from '../../src/repair/repair-json-store.ts'
import { collect, sampleSources, sourceOf, space } from '../sample-store.ts'
import { hastyOperations } from '../watched-operations.ts'

/** Ways to write the store that is damaged. */
export const ways = {
  segments: { layout: 'segments' },
  'segments with base64': { layout: 'segments', encoding: 'base64' },
  'segments of gzip': { layout: 'segments', compression: 'gzip' },
  'segments of zstd': { layout: 'segments', compression: 'zstd' },
  'a single file': { layout: 'single' },
} as const satisfies Readonly<Record<string, Partial<JsonStoreOptions>>>

/** Name of a way. */
export type Way = keyof typeof ways
/** The names, for `test.each`. */
export const wayNames = Object.keys(ways) as Way[]
/** Those of several files. */
export const segmentWays = wayNames.filter((name) => name !== 'a single file')

/** What a store holds, by source. */
export type Holdings = ReadonlyMap<string, { readonly state: SourceState; readonly chunks: readonly StoredChunk[] }>

/** What an open store holds. */
export async function holdingsOf(store: VectorStore): Promise<Holdings> {
  const states = await collect(store.listSources())
  const holdings = new Map<string, { state: SourceState; chunks: StoredChunk[] }>()
  for (const state of states.toSorted((a, b) => compareStrings(a.id, b.id))) {
    holdings.set(state.id, { state, chunks: await collect(store.getChunks({ sources: [state.id] })) })
  }
  return holdings
}

/** A source without its state of this moment: what an older record of it has in common with the newest. */
export function withoutTouches(holdings: Holdings): Map<string, readonly StoredChunk[]> {
  return new Map([...holdings].map(([id, { chunks }]) => [id, chunks]))
}

/** Writes a store of several commits: sources that were replaced, touched, deleted, without chunks. */
export async function createDamageable(path: string, way: Way): Promise<Holdings> {
  await using store = await openStore({ path, mode: 'write', space, ...ways[way] }, hastyOperations)
  await store.commit({ put: [...sampleSources(0, 6), sourceOf('docs/empty.md', [])] })
  await store.commit({ put: [sourceOf('docs/1.md', ['replaced “é”', 'common text']), ...sampleSources(7, 2)] })
  const touched = (await collect(store.listSources())).find(({ id }) => id === 'docs/2.md')
  await store.commit({
    touch: touched === undefined ? [] : [{ ...touched, observedAt: 'later' }],
    delete: ['docs/3.md'],
  })
  return await holdingsOf(store)
}

/** All files of a folder with their contents, but for those in `damaged`. */
export async function filesOf(path: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  for (const name of (await readdir(path, { recursive: true })).toSorted()) {
    if (name.startsWith('damaged') || !(await stat(join(path, name))).isFile()) continue
    files.set(name, await readFile(join(path, name)))
  }
  return files
}

/** Repairs a store, without waiting for the disk. */
export function repairHastily(path: string): Promise<RepairReport> {
  return repairFolder({ path }, hastyOperations)
}

/** What a store holds after its repair. It is sound, a second repair finds nothing to do, and a writer goes on with it. */
export async function holdingsAfterRepair(path: string): Promise<{ holdings: Holdings; report: RepairReport }> {
  const report = await repairHastily(path)
  expect(await repairHastily(path)).toEqual({ actions: [], lostSources: [] })
  await using store = await openJsonStore({ path, mode: 'read' })
  expect(await collect(store.verify())).toEqual([])
  return { holdings: await holdingsOf(store), report }
}
