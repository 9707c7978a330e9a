import { expect, test } from 'vitest'
import { listEntries } from './list-entries.ts'
import { createMemoryFileSystem } from './memory-file-system.ts'
import { openPlainLoader } from './plain-reader.ts'

const fileSystem = createMemoryFileSystem({ r: { 'a.md': '', 'b.md': '', 'c.md': '' } })
const roots = [{ path: '/r' }]

test('an aborted listing rejects with the reason of the signal', async () => {
  const reason = new Error('enough')
  const loader = await openPlainLoader({ roots }, { fileSystem })
  await expect(listEntries(loader, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)

  const controller = new AbortController()
  const ids: string[] = []
  const listing = (async () => {
    for await (const entry of loader.list({ signal: controller.signal })) {
      ids.push(entry.type === 'source' ? entry.source.id : entry.id)
      controller.abort(reason)
    }
  })()
  await expect(listing).rejects.toBe(reason)
  expect(ids).toEqual(['r/a.md'])
})

test('a listing can be left early and begun again', async () => {
  const loader = await openPlainLoader({ roots }, { fileSystem })
  for await (const entry of loader.list()) {
    expect(entry).toMatchObject({ type: 'source', source: { id: 'r/a.md' } })
    break
  }
  expect(await listEntries(loader)).toHaveLength(3)
})

test('closing ends the readers once, however often it is asked for', async () => {
  let closings = 0
  const closeReaders = async (): Promise<void> => {
    closings += 1
  }
  {
    await using loader = await openPlainLoader({ roots }, { fileSystem, closeReaders })
    await Promise.all([loader.close(), loader.close()])
  }
  expect(closings).toBe(1)
})

test.each([
  { maxFileBytes: 0 },
  { maxFileBytes: 1.5 },
  { maxFileBytes: Number.POSITIVE_INFINITY },
  { loadTimeoutMs: -1 },
  { loadTimeoutMs: 2 ** 31 },
])('%j is refused', async (limits) => {
  await expect(openPlainLoader({ roots, ...limits }, { fileSystem })).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})
