import assert from 'node:assert/strict'
import type { Filter } from '../../filter.ts'
import { fuseRankings } from '../../fuse-rankings.ts'
import type { SearchHit, SearchMode, VectorStore } from '../../vector-store.ts'
import { assertRefused, collect } from '../assertions.ts'
import { assertBeforeOrAfter, crashPlace } from '../crash-assertions.ts'
import { randomVector, sampleSource, sampleSpace } from '../sample-sources.ts'
import { contentsOf, openWriter } from '../store-assertions.ts'
import type { ModelledStore, SourceFate, StoreModel } from './store-model.ts'
import { applyToModel, assertAgrees, batchOf, modelOf } from './store-model.ts'

/** Something done to a store and to its model, after which both are compared: a command of fast-check. */
export interface StoreCommand {
  check(model: StoreModel): boolean
  run(model: StoreModel, real: ModelledStore): Promise<void>
  /** For the report of a sequence that fails. */
  toString(): string
}

type Action = (model: StoreModel, real: ModelledStore) => Promise<void>

function command(name: string, action: Action): StoreCommand {
  return {
    check: () => true,
    async run(model, real) {
      await action(model, real)
      // Which searches are tried follows from the command, so that a shorter sequence that fails tries the same.
      await assertAgrees(model, real, name.length)
    },
    toString: () => name,
  }
}

function fatesText(fates: readonly SourceFate[]): string {
  return fates
    .map(({ source, fate, texts }) => `${fate} ${source}${fate === 'put' ? `[${texts.join()}]` : ''}`)
    .join(', ')
}

/** Several commits, all begun before the first has ended. */
export function commitCommand(batches: readonly (readonly SourceFate[])[]): StoreCommand {
  return command(`commit(${batches.map(fatesText).join(' | ')})`, async (model, real) => {
    const applied = []
    for (const fates of batches) applied.push(await applyToModel(model, fates))
    await Promise.all(applied.map((batch) => real.store.commit(batch)))
  })
}

/** A commit that is refused for its last source, beside one that is not. */
export function refusedCommand(fates: readonly SourceFate[]): StoreCommand {
  return command(`refused commit(${fatesText(fates)})`, async ({ reference }, { store }) => {
    const { put = [], ...batch } = batchOf(fates, await collect(reference.listSources()))
    const bad = sampleSource('docs/bad.md', [{ text: 'bad', vector: new Float32Array(sampleSpace.dimensions) }])
    await assertRefused(() => store.commit({ ...batch, put: [...put, bad] }), 'VECTOR_INVALID', 'a bad commit')
  })
}

/** Maintenance. */
export function maintainCommand(): StoreCommand {
  return command('maintain', async (_, { store }) => {
    await store.maintain()
  })
}

/** Verification, which finds nothing. */
export function verifyCommand(): StoreCommand {
  return command('verify', async (_, { store }) => {
    assert.deepEqual(await collect(store.verify()), [], 'verify() of a sound store')
  })
}

/** Closing and opening again. */
export function reopenCommand(): StoreCommand {
  return command('reopen', async (_, real) => {
    await real.store.close()
    real.store = await openWriter(real.harness, real.place)
  })
}

/** A process that is killed `turns` turns after it began a commit; what it leaves is opened and goes on. */
export function crashCommand(fates: readonly SourceFate[], turns: number): StoreCommand {
  return command(`crash ${turns} turns into commit(${fatesText(fates)})`, async (model, real) => {
    const before = await contentsOf(model.reference)
    const batch = await applyToModel(model, fates)
    const commit = real.store.commit(batch)
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
    const [left] = await Promise.all([crashPlace(real.harness, real.place), commit])
    await real.store.close()
    await real.place[Symbol.asyncDispose]()
    real.place = left
    real.store = await openWriter(real.harness, left)
    const contents = await assertBeforeOrAfter(real.store, before, await contentsOf(model.reference))
    model.reference = (await modelOf(contents)).reference
  })
}

async function hitIds(hits: Promise<SearchHit[]>): Promise<string[]> {
  return (await hits).map(({ chunk }) => chunk.id)
}

/** What a search is for; both stores are asked the same. */
export interface SearchRecipe {
  readonly words: readonly string[]
  readonly seed: number
  readonly limit: number
  readonly filter: Filter | undefined
}

/** A search in every mode that the store has. */
export function searchCommand({ words, seed, limit, filter }: SearchRecipe): StoreCommand {
  const text = words.join(' ')
  const name = `search(${text}, ${seed}, limit ${limit}, ${JSON.stringify(filter)})`
  return command(name, async ({ reference }, { store }) => {
    const vector = randomVector(seed)
    const idsBy = (asked: VectorStore, mode: SearchMode, most = 1000): Promise<string[]> =>
      hitIds(asked.search({ mode, text, vector, limit: most, filter }))
    const rankings: string[][] = []
    for (const mode of ['vector', 'keyword'] as const) {
      if (!store.searchModes.includes(mode)) continue
      const [expected, found] = [await idsBy(reference, mode), await idsBy(store, mode)]
      assert.deepEqual(found.toSorted(), expected.toSorted(), `a search by ${mode} finds other chunks`)
      assert.deepEqual(
        await idsBy(store, mode, limit),
        found.slice(0, limit),
        `a search by ${mode} with a limit is no beginning of one without`,
      )
      rankings.push(found)
    }
    if (!store.searchModes.includes('hybrid')) return
    const fused = fuseRankings(rankings).map(({ id }) => id)
    assert.deepEqual(
      await idsBy(store, 'hybrid', limit),
      fused.slice(0, limit),
      'a search by hybrid is not the fusion of the other two',
    )
  })
}
