import { EventEmitter, once } from 'node:events'
import type { SourceChunks, VectorStore } from '@quern/core'
import { runNode } from '@quern/test-fixtures'
import type { NodeResult } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { openLanceStore } from '../../src/index.ts'
import type { LanceStoreOptions } from '../../src/index.ts'
import { chunksEach, corpusSources, sourceOf, space } from './sample-corpus.ts'
import { accessKeyOf, startS3Server } from './start-s3-server.ts'
import type { S3Server } from './start-s3-server.ts'
import type { ShardWriting } from './write-shard.ts'

const uri = 's3://bucket/corpus'

/** Whether a request puts a new version of the table `chunks`. */
function isCommit({ method, url }: { readonly method: string; readonly url: string }): boolean {
  return method === 'PUT' && url.includes('chunks.lance/_versions/')
}

const script = new URL('write-shard.ts', import.meta.url).pathname

function location({ storageOptions }: S3Server): Omit<LanceStoreOptions, 'mode'> {
  return { uri, storageOptions, space, wordIndex: 'never' }
}

/** Writes sources in a process of its own, which calls itself `name` to the server. */
function writeShard(
  { storageOptions }: S3Server,
  { name, signal, ...what }: Omit<ShardWriting, 'uri' | 'storageOptions'> & { name: string; signal?: AbortSignal },
): Promise<NodeResult> {
  const writing: ShardWriting = { uri, storageOptions: { ...storageOptions, aws_access_key_id: name }, ...what }
  return runNode([script, JSON.stringify(writing)], signal === undefined ? {} : { signal })
}

/** Ids of the sources that a process was told are safe. */
function acknowledged({ stdout }: NodeResult): string[] {
  return stdout.split('\n').filter((line) => line.startsWith('docs/'))
}

/** The contents of a store by source, in a form that can be compared. Checks that no state and no chunk is there twice. */
async function contentsOf(store: VectorStore): Promise<Map<string, string[]>> {
  const states = await Array.fromAsync(store.listSources())
  const chunks = await Array.fromAsync(store.getChunks())
  expect(new Set(states.map(({ id }) => id)).size).toBe(states.length)
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(chunks.length)
  const contents = new Map(states.map(({ id }) => [id, [] as string[]]))
  for (const { metadata, pageContent } of chunks) contents.get(metadata.source)?.push(pageContent)
  for (const texts of contents.values()) texts.sort()
  return contents
}

function expected(sources: readonly SourceChunks[]): Map<string, string[]> {
  return new Map(
    sources.map(({ state, chunks }) => [state.id, chunks.map(({ pageContent }) => pageContent).toSorted()]),
  )
}

describe('several processes that write to one store in object storage', () => {
  test('write different shards at the same time without loss or duplicates', async () => {
    const arrived = new Set<string>()
    const signals = new EventEmitter()
    await using server = await startS3Server({
      // The first commits of both meet: each is held until the other one is there, too.
      before: async (request) => {
        const name = accessKeyOf(request)
        if (!name.startsWith('shard') || arrived.has(name) || !isCommit({ method: request.method, url: request.path }))
          return
        arrived.add(name)
        if (arrived.size === 2) signals.emit('met')
        else await once(signals, 'met')
      },
    })
    await (await openLanceStore({ ...location(server), mode: 'write' })).close()
    const shards = [0, 1].map((from) =>
      writeShard(server, { name: `shard-${from}`, from, count: 12, step: 2, batch: 1 }),
    )
    const results = await Promise.all(shards)
    expect(results.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([0, 0].map((code) => [code, '']))
    expect(results.flatMap(acknowledged)).toHaveLength(24)
    expect(server.requests.filter((request) => isCommit(request) && request.status === 412)).not.toEqual([])
    await using store = await openLanceStore({ ...location(server), mode: 'read' })
    expect(await contentsOf(store)).toEqual(expected(corpusSources(0, 24)))
    expect(await Array.fromAsync(store.verify())).toEqual([])
  })

  test('write the same sources at the same time without duplicates', async () => {
    await using server = await startS3Server()
    const writers = ['a', 'b'].map((name) => writeShard(server, { name, from: 0, count: 8, step: 1, batch: 2 }))
    const results = await Promise.all(writers)
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0])
    await using store = await openLanceStore({ ...location(server), mode: 'read' })
    expect(await contentsOf(store)).toEqual(expected(corpusSources(0, 8)))
  })

  // A commit is three puts: data, transaction, manifest.
  test.for([4, 5, 6])('go on when one of them is killed in the middle of put %i', async (number) => {
    let puts = 0
    const killing = new AbortController()
    await using server = await startS3Server({
      before: async (request) => {
        const isPut = request.method === 'PUT' && request.path.includes('chunks.lance/')
        if (accessKeyOf(request) !== 'killed' || !isPut || ++puts !== number) return
        // The request is not carried out, unlike those before it.
        killing.abort()
        await new Promise(() => undefined)
      },
    })
    await using other = await openLanceStore({ ...location(server), mode: 'write' })
    const shards = [corpusSources(0, 5, 2), corpusSources(1, 5, 2)] as const
    const [killed] = await Promise.all([
      writeShard(server, { name: 'killed', from: 0, count: 5, step: 2, batch: 1, signal: killing.signal }),
      (async () => {
        for (const source of shards[1]) await other.commit({ put: [source] })
      })(),
    ])
    expect(killed.signal).toBe('SIGKILL')
    expect(acknowledged(killed).length).toBeLessThan(5)

    const contents = await contentsOf(other)
    const safe = [...acknowledged(killed), ...shards[1].map(({ state }) => state.id)]
    expect([...contents.keys()]).toEqual(expect.arrayContaining(safe))
    for (const [id, texts] of contents) expect([id, texts]).toEqual([id, expected(corpusSources(0, 10)).get(id)])
    expect(await Array.fromAsync(other.verify())).toEqual([])

    await using again = await openLanceStore({ ...location(server), mode: 'write' })
    await again.commit({ put: shards[0] })
    expect(await contentsOf(again)).toEqual(expected(corpusSources(0, 10)))
  })

  test('leave one whole version of a source that they write in different versions at the same time', async () => {
    await using server = await startS3Server()
    const open = (): Promise<VectorStore> => openLanceStore({ ...location(server), mode: 'write' })
    const stores = await Promise.all([open(), open(), open()])
    for (let round = 0; round < 6; round++) {
      const id = `docs/${round % 3}.md`
      const versions = stores.map((_, writer) =>
        sourceOf(id, [
          'common',
          ...Array.from({ length: writer + 1 }, (__, i) => `${i} of ${writer} in round ${round}`),
        ]),
      )
      await Promise.all(stores.map((store, writer) => store.commit({ put: versions.slice(writer, writer + 1) })))
      const [store] = stores
      const left = (await contentsOf(store)).get(id)
      expect(versions.map((version) => expected([version]).get(id))).toContainEqual(left)
    }
    await Promise.all(stores.map((store) => store.close()))
  })

  test('maintain and close while another commits', async () => {
    await using server = await startS3Server()
    const open = (): Promise<VectorStore> => openLanceStore({ ...location(server), mode: 'write' })
    const [writing, tidying] = await Promise.all([open(), open()])
    const commits = (async () => {
      for (const source of corpusSources(0, 20)) await writing.commit({ put: [source] })
    })()
    for (let i = 0; i < 3; i++) await tidying.maintain()
    await tidying.close()
    await commits
    expect(await writing.stats()).toMatchObject({ sources: 20, chunks: 20 * chunksEach })
    await writing.close()
  })
})
