import { randomBytes } from 'node:crypto'
import { QuernError } from '@quern/core'
import { describe, expect, test } from 'vitest'
import { openLanceStore, repairLanceStore } from '../../src/index.ts'
import type { LanceStoreOptions } from '../../src/index.ts'
import { chunksEach, corpusSources, sourceOf, space, vectorOf } from './sample-corpus.ts'
import { startS3Server } from './start-s3-server.ts'
import type { S3Server } from './start-s3-server.ts'

function writing({ storageOptions }: S3Server): LanceStoreOptions {
  return { uri: 's3://bucket/team/corpus', storageOptions, mode: 'write', space }
}

describe('a store in object storage', () => {
  test('creates, commits, searches, maintains, verifies, and is read by others', async () => {
    await using server = await startS3Server()
    await using store = await openLanceStore(writing(server))
    await store.commit({ put: corpusSources(0, 20) })
    await store.commit({ put: [sourceOf('docs/3.md', ['another text'])], delete: ['docs/4.md'] })
    const [hit] = await store.search({ mode: 'vector', vector: vectorOf('another text'), limit: 1 })
    expect(hit?.chunk.pageContent).toBe('another text')
    expect(hit?.score).toBeCloseTo(1, 5)
    await store.maintain()
    expect(await Array.fromAsync(store.verify())).toEqual([])

    await using reader = await openLanceStore({ ...writing(server), mode: 'read' })
    expect(await reader.stats()).toMatchObject({
      location: 's3://bucket/team/corpus',
      sources: 19,
      chunks: 18 * chunksEach + 1,
    })
    expect(await Array.fromAsync(reader.listSources())).toHaveLength(19)
  })

  test('writes what is larger than one request', async () => {
    await using server = await startS3Server()
    const uploads = (): number => server.requests.filter(({ url }) => url.includes('uploadId=')).length
    await using store = await openLanceStore(writing(server))
    // Ten million characters that do not compress well.
    const texts = Array.from({ length: 5 }, () => randomBytes(1_500_000).toString('base64'))
    await store.commit({ put: [sourceOf('docs/long.txt', texts)] })
    expect(uploads()).toBeGreaterThan(0)
    const chunks = await Array.fromAsync(store.getChunks())
    expect(chunks.map(({ pageContent }) => pageContent).toSorted()).toEqual(texts.toSorted())
  })

  test('is told when an object is missing, and repaired: the sources in it are named', async () => {
    await using server = await startS3Server()
    const dataKeys = (): string[] => server.objects.keys('').filter((key) => key.includes('chunks.lance/data/'))
    {
      await using store = await openLanceStore(writing(server))
      await store.commit({ put: corpusSources(0, 3) })
    }
    const before = new Set(dataKeys())
    {
      await using store = await openLanceStore(writing(server))
      await store.commit({ put: [sourceOf('docs/1.md', ['a new text']), sourceOf('docs/new.md', ['of a new source'])] })
    }
    for (const key of dataKeys()) if (!before.has(key)) server.objects.delete(key)
    const { uri, storageOptions } = writing(server)
    {
      await using reader = await openLanceStore({ uri, storageOptions, mode: 'read' })
      expect(await Array.fromAsync(reader.verify())).not.toEqual([])
      await expect(Array.fromAsync(reader.getChunks())).rejects.toMatchObject({ code: 'STORE_CORRUPT' })
    }
    const { lostSources } = await repairLanceStore({ uri, storageOptions })
    // No version before tells of the new source; the next run finds that it is not there.
    expect(lostSources).toEqual(['docs/1.md'])
    await using store = await openLanceStore(writing(server))
    expect(await Array.fromAsync(store.verify())).toEqual([])
    const left = (await Array.fromAsync(store.listSources())).map(({ id }) => id)
    expect(left.toSorted()).toEqual(['docs/0.md', 'docs/2.md'])
  })

  test('is not there before it is written, and reading leaves no trace', async () => {
    await using server = await startS3Server()
    await expect(openLanceStore({ ...writing(server), mode: 'read' })).rejects.toMatchObject({
      code: 'STORE_NOT_FOUND',
    })
    expect(server.objects.keys('')).toEqual([])
  })

  test('is refused with another space before anything is written', async () => {
    await using server = await startS3Server()
    await (await openLanceStore(writing(server))).close()
    const before = server.objects.keys('')
    const other = { ...space, fingerprint: 'of another model' }
    await expect(openLanceStore({ ...writing(server), space: other })).rejects.toThrow(QuernError)
    expect(server.objects.keys('')).toEqual(before)
  })
})
