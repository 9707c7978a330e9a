import assert from 'node:assert/strict'
import { textHash } from '../../hashes.ts'
import { createMemoryStore } from '../../memory-store.ts'
import type { SourceState } from '../../source.ts'
import type { SourceChunks, StoreBatch, VectorStore } from '../../vector-store.ts'
import { vectorBits } from '../assertions.ts'
import { assertFindsWords, rareWords } from '../keyword-assertions.ts'
import { randomVector, sampleSource, sampleSpace, textVector } from '../sample-sources.ts'
import { assertHolds, contentsOf, listStates } from '../store-assertions.ts'
import { assertAnswer } from '../store-cases/search-cases.ts'
import type { VectorStoreHarness } from '../vector-store-harness.ts'

/** What a store should hold: a store in memory that was given the same. */
export interface StoreModel {
  reference: VectorStore
}

/** The store that is compared with the model, and where it lives. */
export interface ModelledStore {
  readonly harness: VectorStoreHarness
  place: AsyncDisposable
  store: VectorStore
}

/** What becomes of one source in a batch. */
export interface SourceFate {
  /** Which of six sources. */
  readonly source: number
  readonly fate: 'put' | 'touch' | 'delete'
  /** Which of sixteen texts its chunks have; for `put`. */
  readonly texts: readonly number[]
  readonly size: number
}

/** The texts of all chunks: two words each, some of them the same twice, so that sources share texts and texts share words. */
export const modelTexts: readonly string[] = Array.from(
  { length: 16 },
  (_, i) => `${rareWords[i % 8]} ${rareWords[(i * 3 + (i >> 3)) % 8]}`,
)

function sourceId(source: number): string {
  return `docs/${source}.md`
}

/** The batch that brings these fates about; a touch of a source that is not stored is left out. */
export function batchOf(fates: readonly SourceFate[], stored: readonly SourceState[]): StoreBatch {
  const put: SourceChunks[] = []
  const touch: SourceState[] = []
  const deleted: string[] = []
  for (const { source, fate, texts, size } of fates) {
    const id = sourceId(source)
    const state = stored.find((one) => one.id === id)
    if (fate === 'delete') deleted.push(id)
    else if (fate === 'put')
      put.push(
        sampleSource(
          id,
          texts.map((text) => ({ text: modelTexts[text] as string, metadata: { parity: text % 2 } })),
        ),
      )
    else if (state !== undefined) touch.push({ ...state, size, modifiedAt: `2026-01-01T00:00:00.${size}Z` })
  }
  return { put, touch, delete: deleted }
}

/** A model of a store that holds these sources. */
export async function modelOf(sources: readonly SourceChunks[]): Promise<StoreModel> {
  const reference = createMemoryStore({ space: sampleSpace })
  await reference.commit({ put: sources })
  return { reference }
}

/** Applies fates to the model. Returns the batch. */
export async function applyToModel(model: StoreModel, fates: readonly SourceFate[]): Promise<StoreBatch> {
  const batch = batchOf(fates, await listStates(model.reference))
  await model.reference.commit(batch)
  return batch
}

/** Asserts that a store holds what the model holds, seen through every call. */
export async function assertAgrees({ reference }: StoreModel, { store }: ModelledStore, turn: number): Promise<void> {
  const contents = await contentsOf(reference)
  await assertHolds(store, contents)
  const hashes = modelTexts.map(textHash)
  const [found, expected] = [await store.findVectors(hashes), await reference.findVectors(hashes)]
  assert.deepEqual([...found.keys()].toSorted(), [...expected.keys()].toSorted(), 'findVectors() finds other texts')
  for (const text of modelTexts) {
    const vector = found.get(textHash(text))?.vector
    if (vector !== undefined) assert.deepEqual(vectorBits(vector), vectorBits(textVector(text)), 'findVectors()')
  }
  const query = { mode: 'vector', vector: randomVector(turn), limit: 1 + (turn % 20) } as const
  assertAnswer(await store.search(query), query, contents)
  if (store.searchModes.includes('keyword'))
    await assertFindsWords(store, rareWords[turn % rareWords.length] as string, contents)
}
