import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { loadDriver } from '../../src/driver/lance-driver.ts'
import { locateStore } from '../../src/driver/store-place.ts'
import { openLanceStore } from '../../src/index.ts'
import { checkWritersApart, probePrefix } from '../../src/remote/check-writers-apart.ts'
import { corpusSources, space } from './sample-corpus.ts'
import type { S3Request } from './s3-request.ts'
import { startS3Server } from './start-s3-server.ts'
import type { S3ServerOptions } from './start-s3-server.ts'

const uri = 's3://bucket/corpus'

/** Runs the check against a new server, `times` times at once, and counts how often the storage was refused. */
async function countRefusals(options: S3ServerOptions, times: number): Promise<number> {
  await using server = await startS3Server(options)
  const driver = await loadDriver()
  const place = locateStore({ uri })
  const location = { uri, storageOptions: server.storageOptions }
  const checks = Array.from({ length: times }, () => checkWritersApart(driver, place, location))
  const outcomes = await Promise.allSettled(checks)
  return outcomes.filter(({ status }) => status === 'rejected').length
}

/** Latencies from 0 to some 60 milliseconds, as a busy network has them. */
const before = (): Promise<void> => delay(-15 * Math.log(1 - Math.random()))

const isDataPut = ({ method, path }: S3Request): boolean => method === 'PUT' && path.includes('/data/')
const isManifestPut = ({ method, path }: S3Request): boolean => method === 'PUT' && path.includes('/_versions/')

/** Keeps the first commits from meeting: the data of each is let through when the manifest of the one before it is there. */
function firstCommitsInSeries(commits: number): (request: S3Request) => Promise<void> {
  const manifests = Array.from({ length: commits + 1 }, () => Promise.withResolvers<void>())
  let [dataPuts, manifestPuts] = [0, 0]
  return async (request) => {
    if (isDataPut(request)) await manifests[dataPuts++]?.promise
    // The first one is that of the empty table.
    if (isManifestPut(request)) manifests[manifestPuts++]?.resolve()
  }
}

describe('an object storage is tried before several writers are let in', () => {
  test('one that honours conditional puts passes, whatever its latency', async () => {
    expect(await countRefusals({}, 4)).toBe(0)
    expect(await countRefusals({ before }, 4)).toBe(0)
  })

  test('one that ignores them is refused, whatever its latency', async () => {
    expect(await countRefusals({ conditionalPuts: 'ignored' }, 4)).toBe(4)
    expect(await countRefusals({ conditionalPuts: 'ignored', before }, 4)).toBe(4)
  })

  test('one that ignores them is refused though on a busy machine the commits of the first trial come one after another', async () => {
    const busy = firstCommitsInSeries(6)
    expect(await countRefusals({ conditionalPuts: 'ignored', before: busy }, 1)).toBe(1)
    expect(await countRefusals({ before: firstCommitsInSeries(6) }, 1)).toBe(0)
  })

  test('the trial leaves nothing behind', async () => {
    await using server = await startS3Server()
    await (await openLanceStore({ uri, storageOptions: server.storageOptions, mode: 'write', space })).close()
    expect(server.requests.filter(({ url }) => url.includes(probePrefix))).not.toEqual([])
    expect(server.objects.keys('').filter((key) => key.includes(probePrefix))).toEqual([])
  })

  test('a storage that is refused gets no store, and the error says what to do', async () => {
    await using server = await startS3Server({ conditionalPuts: 'ignored' })
    const opening = openLanceStore({ uri, storageOptions: server.storageOptions, mode: 'write', space })
    await expect(opening).rejects.toMatchObject({
      code: 'STORE_WRITE_FAILED',
      message: expect.stringContaining('the storage of s3://bucket/corpus does not keep writers apart'),
      hint: expect.stringContaining('soleWriter'),
    })
    expect(server.objects.keys('').filter((key) => key.includes('chunks.lance'))).toEqual([])
  })

  test('a sole writer may write to any storage, without a trial', async () => {
    await using server = await startS3Server({ conditionalPuts: 'ignored' })
    const location = { uri, storageOptions: server.storageOptions, space }
    await using store = await openLanceStore({ ...location, mode: 'write', soleWriter: true })
    await store.commit({ put: corpusSources(0, 3) })
    expect(server.requests.filter(({ url }) => url.includes(probePrefix))).toEqual([])
    await using reader = await openLanceStore({ ...location, mode: 'read' })
    expect(await reader.stats()).toMatchObject({ sources: 3 })
  })
})
