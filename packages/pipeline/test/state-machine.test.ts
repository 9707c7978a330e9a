import type { SourceState, VectorStore } from '@quern/core'
import { createMemoryStore, QuernError, sha256 } from '@quern/core'
import { createFakeEmbedder } from '@quern/core/testing'
import type { FakeEmbedder } from '@quern/core/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexCorpus } from '../src/index.ts'
import type { RunReport } from '../src/index.ts'
import { createLineChunker, createMemoryCorpus } from './memory-corpus.ts'
import type { MemoryCorpus } from './memory-corpus.ts'
import { propertyRuns } from './property-runs.ts'

/** What a person may do between two runs, and how a run may end. Numbers choose a file or a text among those there are. */
type Step =
  | { readonly do: 'write'; readonly file: number; readonly lines: readonly number[] }
  | { readonly do: 'rename' | 'copy'; readonly file: number; readonly to: number }
  | { readonly do: 'delete' | 'restore' | 'touch' | 'break' | 'mend'; readonly file: number }
  | { readonly do: 'split anew'; readonly recipe: number }
  | { readonly do: 'change model'; readonly model: number }
  | { readonly do: 'run'; readonly batchChunks: number }
  | { readonly do: 'crash'; readonly batchChunks: number; readonly commits: number }

const fileName = (file: number): string => `docs/${file}.md`
const file = fc.nat({ max: 6 })
const batchChunks = fc.constantFrom(1, 3, 1000)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      file,
      lines: fc.array(fc.nat({ max: 9 }), { maxLength: 5 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('rename' as const, 'copy' as const), file, to: file }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('delete' as const, 'restore' as const, 'touch' as const, 'break' as const, 'mend' as const),
      file,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('split anew' as const), recipe: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('change model' as const), model: fc.nat({ max: 1 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('run' as const), batchChunks }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), batchChunks, commits: fc.nat({ max: 4 }) }) },
)

/** A store that counts its commits, and dies like a killed process before the one that is told to it. */
function mortal(store: VectorStore, commits: number): { readonly store: VectorStore; readonly done: () => number } {
  let done = 0
  const commit: VectorStore['commit'] = async (batch, options) => {
    if (done >= commits) throw new QuernError('STORE_WRITE_FAILED', 'killed')
    await store.commit(batch, options)
    done++
  }
  const proxy = new Proxy(store, {
    get(target, key) {
      const member: unknown = key === 'commit' ? commit : Reflect.get(target, key, target)
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    },
  })
  return { store: proxy, done: () => done }
}

interface World {
  readonly corpus: MemoryCorpus
  /** One store for each model, as a person keeps them. */
  readonly stores: Map<number, VectorStore>
  readonly trash: Map<string, string>
  clock: number
  model: number
  recipe: number
}

function newWorld(): World {
  return { corpus: createMemoryCorpus(), stores: new Map(), trash: new Map(), clock: 0, model: 0, recipe: 0 }
}

function embedderOf({ model }: World): FakeEmbedder {
  return createFakeEmbedder({ model: `model-${model}`, dimensions: 4 })
}

function storeOf(world: World): VectorStore {
  const store = world.stores.get(world.model) ?? createMemoryStore({ space: embedderOf(world).space })
  world.stores.set(world.model, store)
  return store
}

function put(world: World, name: string, text: string): void {
  world.corpus.files.set(name, text)
  // Time goes on by more than the grain of any file system.
  world.corpus.times.set(
    name,
    new Date(Date.UTC(2026, 0, 1) + ++world.clock * 10_000).toISOString().replace('Z', '000001Z'),
  )
}

function change(world: World, { corpus, trash }: World, action: Exclude<Step, { do: 'run' | 'crash' }>): void {
  if (action.do === 'split anew') world.recipe = action.recipe
  else if (action.do === 'change model') world.model = action.model
  else if (action.do === 'write')
    put(world, fileName(action.file), action.lines.map((line) => `text ${line}`).join('\n'))
  else {
    const name = fileName(action.file)
    const text = corpus.files.get(name)
    if (action.do === 'restore') {
      const old = trash.get(name)
      if (old !== undefined) put(world, name, old)
    } else if (action.do === 'break') corpus.corrupt.add(name)
    else if (action.do === 'mend') corpus.corrupt.delete(name)
    else if (text !== undefined) {
      if (action.do === 'touch') put(world, name, text)
      if (action.do === 'delete') trash.set(name, text)
      if (action.do === 'delete' || action.do === 'rename') corpus.files.delete(name)
      if (action.do === 'rename' || action.do === 'copy') put(world, fileName(action.to), text)
    }
  }
}

async function run(
  world: World,
  options: { store: VectorStore; embedder: FakeEmbedder; batchChunks: number },
): Promise<RunReport> {
  return indexCorpus({
    loader: world.corpus,
    chunker: createLineChunker(world.recipe === 0 ? 'lines-1' : `lines-${world.recipe + 1}`),
    allowMassDelete: true,
    ...options,
  })
}

interface Contents {
  readonly states: ReadonlyMap<string, SourceState>
  readonly hashes: ReadonlySet<string>
  readonly chunks: readonly string[]
}

async function contentsOf(store: VectorStore): Promise<Contents> {
  const states = new Map<string, SourceState>()
  for await (const state of store.listSources()) states.set(state.id, state)
  const hashes = new Set<string>()
  const chunks: string[] = []
  for await (const { id, textHash, embedText, metadata, vector } of store.getChunks()) {
    hashes.add(textHash)
    chunks.push(JSON.stringify([metadata.source, metadata.chunk, id, embedText, [...vector]]))
  }
  return { states, hashes, chunks: chunks.toSorted() }
}

/** The texts that the files that can be read hold, under the recipe that is in force. */
function textsOnDisk({ corpus, recipe }: World, readable: (name: string) => boolean): Map<string, readonly string[]> {
  const name = `lines-${recipe + 1}`
  return new Map(
    [...corpus.files]
      .filter(([id]) => readable(id))
      .map(([id, text]) => [
        id,
        text
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => (recipe === 0 ? line : `${name}: ${line}`)),
      ]),
  )
}

async function expectFunctionOfDisk(world: World, before: Contents): Promise<void> {
  const after = await contentsOf(storeOf(world))
  const { corpus } = world
  const stored = Map.groupBy(
    after.chunks.map((chunk) => JSON.parse(chunk) as [string, number, string, string]),
    ([source]) => source,
  )
  const texts = textsOnDisk(world, (name) => !corpus.corrupt.has(name))
  for (const [id, expected] of texts) {
    expect(after.states.get(id)?.contentHash).toBe(sha256(corpus.files.get(id) ?? ''))
    expect(
      stored
        .get(id)
        ?.toSorted((a, b) => a[1] - b[1])
        .map(([, , , text]) => text) ?? [],
    ).toEqual(expected)
  }
  // What is there beside: files that cannot be read now, as they were.
  for (const id of after.states.keys()) {
    if (texts.has(id)) continue
    expect(corpus.files.has(id) || before.states.has(id)).toBe(true)
    // Times may be newer: a file that cannot be parsed can still be hashed, and be found to be as it was.
    const { contentHash, recipe, chunkCount } = before.states.get(id) as SourceState
    expect(after.states.get(id)).toMatchObject({ contentHash, recipe, chunkCount })
  }
}

/** Runs to the end and checks every promise. */
async function runAndCheck(world: World, size: number): Promise<void> {
  const store = storeOf(world)
  const before = await contentsOf(store)
  const embedder = embedderOf(world)
  const report = await run(world, { store, embedder, batchChunks: size })

  const wanted = new Set(
    [...textsOnDisk(world, (name) => !world.corpus.corrupt.has(name)).values()].flat().map((text) => sha256(text)),
  )
  const embedded = embedder.embedded.map((text) => sha256(text))
  expect(new Set(embedded).size).toBe(embedded.length)
  expect(embedded.filter((hash) => before.hashes.has(hash) || !wanted.has(hash))).toEqual([])
  expect(report.chunks.embedded).toBe(embedded.length)
  await expectFunctionOfDisk(world, before)

  const settled = await contentsOf(store)
  const counted = mortal(store, 0)
  const idle = embedderOf(world)
  const second = await run(world, { store: counted.store, embedder: idle, batchChunks: size })
  expect({
    embedded: second.chunks.embedded,
    loads: world.corpus.corrupt.size === 0 ? idle.loads : 0,
    commits: counted.done(),
  }).toEqual({
    embedded: 0,
    loads: 0,
    commits: 0,
  })
  expect(await contentsOf(store)).toEqual(settled)
}

function chunksOf({ chunks }: Contents, id: string): string[] {
  return chunks.filter((chunk) => chunk.startsWith(`[${JSON.stringify(id)},`))
}

/** Runs until the store dies; every source is then as it was, or as it was meant to be. */
async function crash(world: World, commits: number, size: number): Promise<void> {
  const store = storeOf(world)
  const before = await contentsOf(store)
  const { store: dying } = mortal(store, commits)
  const ended = await run(world, { store: dying, embedder: embedderOf(world), batchChunks: size }).then(
    () => 'whole',
    (error: unknown) => (error instanceof QuernError ? error.code : 'other'),
  )
  expect(['whole', 'STORE_WRITE_FAILED']).toContain(ended)
  const after = await contentsOf(store)
  for (const [id, state] of after.states) {
    const old = before.states.get(id)
    const isOld = old?.contentHash === state.contentHash && old.recipe === state.recipe
    const chunks = chunksOf(after, id)
    expect(isOld ? chunks : chunks.length).toEqual(isOld ? chunksOf(before, id) : state.chunkCount)
  }
  for (const id of before.states.keys()) expect(after.states.has(id) || !world.corpus.files.has(id)).toBe(true)
}

test(
  'whatever happens between runs and to them, the work is exact and the store is what the disk says',
  { timeout: 300_000 },
  async () => {
    const sequences = fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const world = newWorld()
        for (const action of steps) {
          if (action.do === 'run') await runAndCheck(world, action.batchChunks)
          else if (action.do === 'crash') await crash(world, action.commits, action.batchChunks)
          else change(world, world, action)
        }
        await runAndCheck(world, 1000)
      }),
      propertyRuns(1000),
    )
    await expect(sequences).resolves.toBeUndefined()
  },
)
