import type fastCheck from 'fast-check'
import type { Filter } from '../../filter.ts'
import { QuernError } from '../../quern-error.ts'
import { rareWords } from '../keyword-assertions.ts'
import type { StoreCommand } from '../model/store-commands.ts'
import {
  commitCommand,
  crashCommand,
  maintainCommand,
  refusedCommand,
  reopenCommand,
  searchCommand,
  verifyCommand,
} from '../model/store-commands.ts'
import type { ModelledStore, SourceFate, StoreModel } from '../model/store-model.ts'
import { modelOf, modelTexts } from '../model/store-model.ts'
import { openWriter } from '../store-assertions.ts'
import type { VectorStoreCase, VectorStoreHarness } from '../vector-store-harness.ts'

type FastCheck = typeof fastCheck
type Arbitrary<T> = fastCheck.Arbitrary<T>

/** So many in a second at most. */
const mostRuns = 12
const mostCommands = 24
const usualSeconds = 2

async function loadFastCheck(): Promise<FastCheck> {
  try {
    return (await import('fast-check')).default
  } catch (cause) {
    throw new QuernError('OPTION_INVALID', 'the random cases need the package fast-check, which cannot be loaded', {
      hint: 'Install it: npm install --save-dev fast-check',
      cause,
    })
  }
}

function fatesArbitrary(fc: FastCheck): Arbitrary<SourceFate[]> {
  const fate = fc.record({
    source: fc.nat(5),
    fate: fc.constantFrom('put', 'put', 'touch', 'delete'),
    texts: fc.array(fc.nat(modelTexts.length - 1), { maxLength: 5 }),
    size: fc.nat(999),
  })
  return fc.uniqueArray(fate, { selector: ({ source }) => source, maxLength: 6 })
}

function filterArbitrary(fc: FastCheck): Arbitrary<Filter | undefined> {
  return fc.constantFrom<(Filter | undefined)[]>(
    undefined,
    { field: 'source', op: 'eq', value: 'docs/1.md' },
    { field: 'source', op: 'in', value: ['docs/0.md', 'docs/2.md', 'docs/9.md'] },
    { field: 'parity', op: 'eq', value: 1 },
    { not: { field: 'chunk', op: 'gte', value: 2 } },
    { or: [] },
  )
}

function commandArbitraries(fc: FastCheck, { traits }: VectorStoreHarness): Arbitrary<StoreCommand>[] {
  const fates = fatesArbitrary(fc)
  const search = fc.record({
    words: fc.uniqueArray(fc.constantFrom(...rareWords), { minLength: 1, maxLength: 3 }),
    seed: fc.nat(999),
    limit: fc.nat(12),
    filter: filterArbitrary(fc),
  })
  const commits = fc.array(fates, { minLength: 1, maxLength: 3 }).map(commitCommand)
  return [
    commits,
    commits,
    search.map(searchCommand),
    fates.map(refusedCommand),
    fc.constant(maintainCommand()),
    fc.constant(verifyCommand()),
    ...(traits.durable ? [fc.constant(reopenCommand())] : []),
    ...(traits.crashes ? [fc.tuple(fates, fc.nat(30)).map(([batch, turns]) => crashCommand(batch, turns))] : []),
  ]
}

async function openModelled(harness: VectorStoreHarness): Promise<ModelledStore> {
  const place = await harness.createPlace()
  try {
    return { harness, place, store: await openWriter(harness, place) }
  } catch (error) {
    await place[Symbol.asyncDispose]()
    throw error
  }
}

async function runRandomCommands(harness: VectorStoreHarness, seed: number): Promise<void> {
  const fc = await loadFastCheck()
  const sequences = fc.commands<StoreModel, ModelledStore, false>(commandArbitraries(fc, harness), {
    maxCommands: mostCommands,
    size: 'max',
  })
  const seconds = harness.randomSeconds ?? usualSeconds
  const end = performance.now() + seconds * 1000
  const property = fc.asyncProperty(sequences, async (commands) => {
    if (performance.now() > end) return
    const real = await openModelled(harness)
    const model = await modelOf([])
    try {
      await fc.asyncModelRun(() => ({ model, real }), commands)
    } finally {
      await real.store.close()
      await real.place[Symbol.asyncDispose]()
    }
  })
  await fc.assert(property, { seed, numRuns: Math.ceil(mostRuns * seconds) })
}

/** Random sequences of commands, compared after each command with the reference store, and shortened where they fail. */
export const randomCases: readonly VectorStoreCase[] = [1, 2, 3].map((seed) => ({
  name: `agrees with the store in memory over random sequences of commands (seed ${seed})`,
  clause: 'The reference store: what it answers is what every other store must answer.',
  run: (harness) => runRandomCommands(harness, seed),
}))
