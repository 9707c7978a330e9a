import { readdir } from 'node:fs/promises'
import { createMemoryStore } from '@quern/core'
import type { VectorStore } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'
import { openStore } from '../src/open-store.ts'
import { roundsOf } from './effort.ts'
import { collect, pictureOf, sampleSources, sourceOf, space } from './sample-store.ts'
import { hastyOperations } from './watched-operations.ts'

function openHasty(path: string): Promise<VectorStore> {
  return openStore({ path, mode: 'write', space, layout: 'segments' }, hastyOperations)
}

async function countFiles(path: string): Promise<number> {
  return (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.jsonl')).length
}

test('hundreds of small commits leave few files, and every answer as it should be', { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder()
  await using store = await openHasty(folder.path)
  const reference = createMemoryStore({ space })
  let most = 0
  for (let i = 0; i < roundsOf(300, 2000); i++) {
    const batch = {
      put: [...sampleSources(i, 1), sourceOf('docs/same.md', [`version ${i}`])],
      delete: [`docs/${i - 150}.md`],
    }
    await store.commit(batch)
    await reference.commit(batch)
    if (i % 50 === 0) most = Math.max(most, await countFiles(folder.path))
  }
  expect(most).toBeLessThan(40)
  expect(await countFiles(folder.path)).toBeLessThan(40)
  expect(await pictureOf(store)).toEqual(await pictureOf(reference))
  await using reader = await openJsonStore({ path: folder.path, mode: 'read' })
  expect(await pictureOf(reader)).toEqual(await pictureOf(reference))
})

test('a source that is written hundreds of times takes no more room than a few', { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder()
  await using store = await openHasty(folder.path)
  await store.commit({ put: [sourceOf('docs/same.md', ['version 0'])] })
  const { bytes } = await store.stats()
  let most = 0
  const rounds = roundsOf(300, 3000)
  for (let i = 1; i < rounds; i++) {
    await store.commit({ put: [sourceOf('docs/same.md', [`version ${i}`])] })
    most = Math.max(most, (await store.stats()).bytes)
  }
  // The records of sources may pile up to about a thousand before they are merged.
  expect(most).toBeLessThan(bytes + Math.min(rounds, 1200) * 700)
  expect((await readdir(`${folder.path}/chunks`)).length).toBe(1)
  const report = await store.maintain()
  expect(report.bytesAfter).toBeLessThan(bytes + 100)
})

test('a deleted source stays deleted through every merge', { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder()
  for (let round = 0; round < roundsOf(15, 40); round++) {
    await using store = await openHasty(folder.path)
    await store.commit({ put: sampleSources(round, 30) })
    await store.commit({ delete: [`docs/${round}.md`, `docs/${round + 1}.md`] })
    await store.commit({ put: sampleSources(round + 1, 1) })
    const ids = (await collect(store.listSources())).map(({ id }) => id)
    expect(ids.toSorted()).toEqual(
      sampleSources(round + 1, 29)
        .map(({ state }) => state.id)
        .toSorted(),
    )
  }
})

test('maintenance leaves one file of each kind and no dead bytes', async () => {
  await using folder = await temporaryFolder()
  await using store = await openHasty(folder.path)
  for (let i = 0; i < 6; i++) await store.commit({ put: sampleSources(i, 2) })
  const before = await pictureOf(store)
  const { bytesBefore, bytesAfter } = await store.maintain()
  expect(bytesAfter).toBeLessThan(bytesBefore)
  expect((await store.stats()).bytes).toBe(bytesAfter)
  expect(await countFiles(folder.path)).toBe(2)
  expect(await pictureOf(store)).toEqual(before)
  const again = await store.maintain()
  expect(again).toEqual({ bytesBefore: bytesAfter, bytesAfter })
})

test('an empty store has no data files after maintenance', async () => {
  await using folder = await temporaryFolder()
  await using store = await openHasty(folder.path)
  await store.commit({ put: sampleSources(0, 3) })
  await store.commit({ delete: ['docs/0.md', 'docs/1.md', 'docs/2.md'] })
  await store.maintain()
  expect(await countFiles(folder.path)).toBe(0)
  await store.close()
  await using again = await openHasty(folder.path)
  expect((await again.stats()).sources).toBe(0)
})

test('readers and iterations keep their picture while files are merged away', async () => {
  await using folder = await temporaryFolder()
  await using writer = await openHasty(folder.path)
  await writer.commit({ put: sampleSources(0, 4) })
  await using reader = await openJsonStore({ path: folder.path, mode: 'read' })
  const before = await pictureOf(writer)
  const iterator = writer.getChunks()[Symbol.asyncIterator]()
  const first = await iterator.next()
  for (let i = 0; i < 20; i++) {
    await writer.commit({ put: [sourceOf('docs/0.md', [`version ${i}`])], delete: [`docs/${1 + (i % 3)}.md`] })
  }
  await writer.maintain()
  const rest = await collect({ [Symbol.asyncIterator]: () => iterator })
  expect([first.value, ...rest]).toHaveLength(8)
  expect(await pictureOf(reader)).toEqual(before)
})

test('readers that open while a writer commits and merges see whole commits', { timeout: 120_000 }, async () => {
  await using folder = await temporaryFolder()
  await using writer = await openHasty(folder.path)
  const progress = { finished: false }
  const write = async (): Promise<void> => {
    for (let i = 0; i < roundsOf(60, 300); i++) {
      await writer.commit({ put: ['a', 'b'].map((id) => sourceOf(`docs/${id}.md`, [`version ${i}`, `also ${i}`])) })
    }
    progress.finished = true
  }
  const read = async (): Promise<void> => {
    while (!progress.finished) {
      await using reader = await openJsonStore({ path: folder.path, mode: 'read' })
      const versions = (await collect(reader.getChunks())).map(({ pageContent }) => pageContent.split(' ').at(-1))
      expect(new Set(versions).size).toBeLessThanOrEqual(1)
      expect([0, 4]).toContain(versions.length)
    }
  }
  await Promise.all([write(), read(), read()])
})

test('batches that change nothing write nothing', async () => {
  await using folder = await temporaryFolder()
  await using store = await openHasty(folder.path)
  await store.commit({ put: sampleSources(0, 2) })
  const before = await store.stats()
  await store.commit({})
  await store.commit({ delete: ['docs/never.md'] })
  expect(await store.stats()).toEqual(before)
  expect(await countFiles(folder.path)).toBe(2)
})
