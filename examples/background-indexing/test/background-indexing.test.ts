import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openJsonStore } from '@quern/store-json'
import { temporaryFolder, tinyModelPath } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { createBackgroundIndexer } from '../src/background-indexer.ts'
import { startBusyServer } from '../src/busy-server.ts'

const notes = 60

async function writeNotes(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (let i = 0; i < notes; i++) await writeFile(join(folder, `${i}.txt`), `Note ${i} on wheel number ${i * i}.\n`)
}

test('a worker indexes while the server answers, is paused, and goes on without embedding anything twice', async () => {
  await using temporary = await temporaryFolder()
  const folder = join(temporary.path, 'notes')
  const storePath = join(temporary.path, 'store')
  await writeNotes(folder)
  await using indexer = createBackgroundIndexer({ folder, storePath, modelPath: await tinyModelPath(), concurrency: 1 })
  await using server = await startBusyServer(() => indexer.embedded())

  const pausing = new AbortController()
  const { requests } = await server.during(async () => {
    const running = indexer.index({ signal: pausing.signal })
    while (indexer.embedded() === 0) await new Promise((resolve) => setTimeout(resolve, 1))
    pausing.abort()
    const first = await running
    // Paused, it holds no lock: others may write.
    await (await openJsonStore({ path: storePath, mode: 'write' })).close()
    const second = await indexer.index()
    expect(second.interrupted).toBe(false)
    expect(first.chunks.embedded + second.chunks.embedded).toBe(notes)
    expect(first.sources.new + second.sources.new).toBe(notes)
  })
  expect(requests).toBeGreaterThan(0)

  const third = await indexer.index()
  expect(third).toMatchObject({ sources: { unchanged: notes }, chunks: { embedded: 0, written: 0 } })
})

test('what fails in the worker is told to the host, and the worker stays usable', async () => {
  await using temporary = await temporaryFolder()
  const folder = join(temporary.path, 'notes')
  const settings = {
    folder,
    storePath: join(temporary.path, 'store'),
    modelPath: await tinyModelPath(),
    concurrency: 1,
  }
  await using indexer = createBackgroundIndexer(settings)
  await expect(indexer.index()).rejects.toThrow('there is no file or folder')
  await writeNotes(folder)
  expect((await indexer.index()).chunks.embedded).toBe(notes)
})
