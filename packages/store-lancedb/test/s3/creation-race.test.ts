import { EventEmitter, once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { openLanceStore } from '../../src/index.ts'
import type { LanceStoreOptions } from '../../src/index.ts'
import { chunksEach, corpusSources, space } from './sample-corpus.ts'
import { accessKeyOf, startS3Server } from './start-s3-server.ts'
import type { S3Server } from './start-s3-server.ts'

function writerOf({ storageOptions }: S3Server, name: string): LanceStoreOptions {
  const options = { ...storageOptions, aws_access_key_id: name }
  return {
    uri: 's3://bucket/corpus',
    storageOptions: options,
    mode: 'write',
    space,
    soleWriter: true,
    wordIndex: 'never',
  }
}

describe('a store that two writers create at the same time', () => {
  // LanceDB looks twice whether a table is there, and overwrites one that comes to be between the looks: at request 7.
  const requests = Array.from({ length: 12 }, (_, i) => i + 1)

  test.for(requests)('keeps what one commits while request %i of the other is under way', async (number) => {
    const signals = new EventEmitter()
    let count = 0
    await using server = await startS3Server({
      before: async (request) => {
        if (accessKeyOf(request) !== 'slow' || ++count !== number) return
        signals.emit('held')
        await once(signals, 'go')
      },
    })
    const held = once(signals, 'held')
    const opening = openLanceStore(writerOf(server, 'slow'))
    await Promise.race([held, opening])
    await using quick = await openLanceStore(writerOf(server, 'quick'))
    await quick.commit({ put: corpusSources(0, 2) })
    signals.emit('go')
    await using slow = await opening
    await slow.commit({ put: corpusSources(2, 2) })
    await quick.commit({ put: corpusSources(4, 2) })

    const states = await Array.fromAsync(slow.listSources())
    expect(states.map(({ id }) => id).toSorted()).toEqual([0, 1, 2, 3, 4, 5].map((id) => `docs/${id}.md`))
    // The primary key is there: the same sources from both at once stand there once.
    await Promise.all([slow, quick].map((store) => store.commit({ put: corpusSources(6, 2) })))
    expect(await Array.fromAsync(slow.getChunks())).toHaveLength(8 * chunksEach)
  })

  test('is one store for all who come at once', async () => {
    await using server = await startS3Server()
    const names = ['one', 'two', 'three', 'four']
    const stores = await Promise.all(names.map((name) => openLanceStore(writerOf(server, name))))
    await Promise.all(stores.map((store, i) => store.commit({ put: corpusSources(i * 5, 5) })))
    const [store] = stores
    expect(await store?.stats()).toMatchObject({ sources: 20 })
    const created = await Promise.all(stores.map(async (each) => (await each.stats()).createdAt))
    expect(new Set(created).size).toBe(1)
    await Promise.all(stores.map((each) => each.close()))
  })
})
