import assert from 'node:assert/strict'
import { textHash } from '../../hashes.ts'
import { createMemoryStore } from '../../memory-store.ts'
import type { SourceState } from '../../source.ts'
import type { SourceChunks, StoreBatch, VectorStore } from '../../vector-store.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { createSeededRandom } from '../seeded-random.ts'
import { randomVector, sampleSource, sampleSpace } from '../sample-sources.ts'
import { collect } from '../assertions.ts'
import { assertHolds, listStates, openWriter } from '../store-assertions.ts'
import type { VectorStoreCase, VectorStoreHarness } from '../vector-store-harness.ts'
import { assertAnswer } from './search-cases.ts'

const sourceIds = Array.from({ length: 8 }, (_, i) => `docs/${i}.md`)
const texts = Array.from({ length: 12 }, (_, i) => `text ${i}`)

function randomBatch(random: SeededRandom, stored: readonly SourceState[]): StoreBatch {
  const put: SourceChunks[] = []
  const touch: SourceState[] = []
  const deleted: string[] = []
  for (const id of sourceIds) {
    const state = stored.find((one) => one.id === id)
    const fate = random.below(8)
    if (fate === 0) deleted.push(id)
    else if (fate === 1 && state !== undefined)
      touch.push({ ...state, size: random.below(1000), modifiedAt: `2026-01-01T00:00:00.${random.below(9)}Z` })
    else if (fate <= 3)
      put.push(
        sampleSource(
          id,
          Array.from({ length: random.below(5) }, () => random.pick(texts)),
        ),
      )
  }
  return { put, touch, delete: deleted }
}

async function contentsOf(store: VectorStore): Promise<SourceChunks[]> {
  const contents: SourceChunks[] = []
  for (const state of await listStates(store))
    contents.push({ state, chunks: await collect(store.getChunks({ sources: [state.id] })) })
  return contents
}

async function assertSameAnswers(store: VectorStore, reference: VectorStore, random: SeededRandom): Promise<void> {
  const contents = await contentsOf(reference)
  await assertHolds(store, contents)
  const hashes = texts.map(textHash)
  const [found, expected] = [await store.findVectors(hashes), await reference.findVectors(hashes)]
  assert.deepEqual([...found.keys()].toSorted(), [...expected.keys()].toSorted(), 'findVectors() finds other texts')
  const query = { mode: 'vector', vector: randomVector(random.below(1000)), limit: random.below(12) } as const
  assertAnswer(await store.search(query), query, contents)
}

async function runRandomCommands(harness: VectorStoreHarness, seed: number): Promise<void> {
  const random = createSeededRandom(seed)
  await using place = await harness.createPlace()
  await using reference = createMemoryStore({ space: sampleSpace })
  let store = await openWriter(harness, place)
  try {
    for (let step = 0; step < 25; step++) {
      const command = random.below(10)
      if (command === 0) await store.maintain()
      else if (command === 1 && harness.traits.durable) {
        await store.close()
        store = await openWriter(harness, place)
      } else {
        const batch = randomBatch(random, await listStates(reference))
        await Promise.all([store.commit(batch), reference.commit(batch)])
      }
      await assertSameAnswers(store, reference, random)
    }
  } finally {
    await store.close()
  }
}

/** Long sequences of commands, compared after each one with the reference store. */
export const randomCases: readonly VectorStoreCase[] = [1, 2, 3].map((seed) => ({
  name: `agrees with the store in memory over a random sequence of commands (seed ${seed})`,
  clause: 'The reference store: what it answers is what every other store must answer.',
  run: (harness) => runRandomCommands(harness, seed),
}))
