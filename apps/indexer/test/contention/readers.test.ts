import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { StoredChunk, VectorStore } from '@quern/core'
import { openJsonStore } from '@quern/store-json'
import { openLanceStore } from '@quern/store-lancedb'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { storeTypes } from '../kill/stored-at.ts'
import type { StoreType } from '../kill/stored-at.ts'
import { vectorOf } from './versioned-source.ts'

const writer = fileURLToPath(new URL('restless-writer.ts', import.meta.url))
const openings = 100
/** Per reader that is opened. */
const reads = 10

function openToRead(type: StoreType, path: string): Promise<VectorStore> {
  return type === 'json' ? openJsonStore({ path, mode: 'read' }) : openLanceStore({ uri: path, mode: 'read' })
}

/** The version of the source that was read, which must be there as a whole. */
function wholeVersion(chunks: readonly StoredChunk[]): number {
  const version = Number(chunks[0]?.metadata['version'])
  expect(chunks.map(({ pageContent }) => pageContent)).toEqual(
    Array.from({ length: 1 + (version % 7) }, (_, i) => `part ${i} of version ${version} of docs/a.md`),
  )
  return version
}

/** A search: the version is not to be known, but there are hits. */
async function search(store: VectorStore): Promise<number> {
  const hits = await store.search({ mode: 'vector', vector: vectorOf('part 0'), limit: 5 })
  return hits.length > 0 ? Number.POSITIVE_INFINITY : Number.NaN
}

async function versionListed(store: VectorStore): Promise<number> {
  const states = await Array.fromAsync(store.listSources())
  return states.find(({ id }) => id === 'docs/a.md')?.size ?? Number.NaN
}

async function versionRead(store: VectorStore): Promise<number> {
  return wholeVersion(await Array.fromAsync(store.getChunks({ sources: ['docs/a.md'] })))
}

/** Reads of each kind, in turn. */
const kinds = [search, versionListed, versionRead, versionRead, versionRead]

test.each(storeTypes)(
  'a thousand reads of a %s store while another process writes to it give whole sources, never older ones, and no error',
  { timeout: 300_000 },
  async (type) => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'store')
    const child = spawn(process.execPath, [writer, type, path], { stdio: ['pipe', 'pipe', 'inherit'] })
    const [ready] = (await once(child.stdout, 'data')) as [Buffer]
    expect(String(ready)).toBe('ready\n')
    let newest = 0
    let count = 0
    for (let opening = 0; opening < openings; opening++) {
      await using store = await openToRead(type, path)
      for (let turn = 0; turn < reads; turn++, count++) {
        const version = (await kinds[turn % kinds.length]?.(store)) ?? Number.NaN
        expect(version).toBeGreaterThanOrEqual(newest)
        if (Number.isFinite(version)) newest = version
      }
    }
    expect(count).toBe(1000)
    child.stdin.end()
    const [versions] = await Promise.all([text(child.stdout), once(child, 'close')])
    expect(child.exitCode).toBe(0)
    // It wrote all the while.
    expect(Number(versions)).toBeGreaterThan(20)
    expect(newest).toBeGreaterThan(5)
  },
)
