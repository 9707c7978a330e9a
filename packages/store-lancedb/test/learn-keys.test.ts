import { join } from 'node:path'
import { createMemoryStore, sha256, textHash } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { createKnownSources, createKnownTexts } from '../src/commit/known-keys.ts'
import type { LearningWriter } from '../src/commit/learn-keys.ts'
import { learnKeys } from '../src/commit/learn-keys.ts'
import { loadDriver } from '../src/driver/lance-driver.ts'
import { openLanceStore } from '../src/index.ts'
import { collect, pictureOf, sampleSources, sourceOf, space } from './sample-store.ts'

const stored = [...sampleSources(0, 40, 3), sourceOf('docs/empty.md', [])]
const storedTexts = stored.flatMap(({ chunks }) => chunks.map((chunk) => chunk.textHash))
const strangeTexts = Array.from({ length: 1000 }, (_, i) => sha256(`strange ${i}`))

/** Makes a store that holds `stored`, and returns where it is. */
async function createStore(folder: string): Promise<string> {
  const uri = join(folder, 'store')
  await using store = await openLanceStore({ uri, mode: 'write', space })
  await store.commit({ put: stored })
  return uri
}

/** A writer that has not looked at the store it has found, of `stored`, and what it may do to learn. */
async function writerOf(
  uri: string,
  changes: Partial<LearningWriter>,
): Promise<LearningWriter & { chunks: Disposable }> {
  const { lance } = await loadDriver()
  const connection = await lance.connect(uri)
  const chunks = await connection.openTable('chunks')
  return {
    context: { tables: { chunks } },
    exclusive: true,
    rowsFound: 121,
    rowsPut: 5000,
    knownSources: createKnownSources(false),
    knownTexts: createKnownTexts(false),
    ...changes,
    chunks: {
      [Symbol.dispose]() {
        chunks.close()
        connection.close()
      },
    },
  }
}

async function isLearned(uri: string, changes: Partial<LearningWriter>): Promise<boolean> {
  const writer = await writerOf(uri, changes)
  using _ = writer.chunks
  await learnKeys(writer, {})
  return writer.knownSources.isComplete() && writer.knownTexts.isComplete()
}

test('a long run on a store that was not empty comes to know all that is stored, and hardly anything that is not', async () => {
  await using folder = await temporaryFolder()
  const uri = await createStore(folder.path)
  const writer = await writerOf(uri, {})
  using _ = writer.chunks
  await learnKeys(writer, {})
  expect(stored.filter(({ state }) => !writer.knownSources.mayHold(state.id))).toEqual([])
  expect(storedTexts.filter((text) => !writer.knownTexts.mayHold(text))).toEqual([])
  expect(writer.knownSources.mayHold('docs/strange.md')).toBe(false)
  expect(strangeTexts.filter((text) => writer.knownTexts.mayHold(text))).toEqual([])

  expect(await isLearned(uri, { rowsPut: 4999 })).toBe(false)
  expect(await isLearned(uri, { rowsFound: 250_001 })).toBe(false)
  expect(await isLearned(uri, { rowsFound: 250_000 })).toBe(true)
  expect(await isLearned(uri, { exclusive: false })).toBe(false)
})

test('a listing that is aborted leaves everything unknown', async () => {
  await using folder = await temporaryFolder()
  const uri = await createStore(folder.path)
  const writer = await writerOf(uri, {})
  using _ = writer.chunks
  await expect(learnKeys(writer, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
  expect(writer.knownSources.isComplete() || writer.knownTexts.isComplete()).toBe(false)
  expect(writer.knownTexts.mayHold(strangeTexts[0] as string)).toBe(true)
})

test('a second, long run ends in the same store as ever: sources are replaced, touched and removed, texts are found', async () => {
  await using folder = await temporaryFolder()
  const uri = join(folder.path, 'store')
  await using reference = createMemoryStore({ space })
  const open = () => openLanceStore({ uri, mode: 'write', space, durability: 'off' })
  const first = sampleSources(0, 500)
  await reference.commit({ put: first })
  {
    await using store = await open()
    await store.commit({ put: first })
  }
  await using store = await open()
  const later = Array.from({ length: 8 }, (_, i) => sampleSources(1000 + 100 * i, 100, 10))
  const changed = sampleSources(400, 50, 4)
  const touched = sampleSources(1000, 1, 10).map(({ state }) => Object.assign(state, { modifiedAt: '2026-11-24' }))
  const batches = [
    ...later.map((put) => ({ put })),
    { put: changed, touch: touched, delete: ['docs/1.md', 'docs/1100.md'] },
    { put: sampleSources(3000, 10) },
  ]
  for (const batch of batches) {
    await store.commit(batch)
    await reference.commit(batch)
  }
  expect(await pictureOf(store)).toEqual(await pictureOf(reference))
  const wanted = ['text 1 of 7', 'text 3 of 420', 'text 9 of 1799', 'text 1 of 3009', 'never stored'].map(textHash)
  const found = [await store.findVectors(wanted), await reference.findVectors(wanted)]
  expect([...(found[0]?.keys() ?? [])].toSorted()).toEqual([...(found[1]?.keys() ?? [])].toSorted())
  expect(found[0]?.size).toBe(4)
  expect(await collect(store.verify())).toEqual([])
})
