import { join } from 'node:path'
import type { StoredChunk } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../src/index.ts'
import { sourceOf, space } from './sample-store.ts'

const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const sources = ids.map((id, index) =>
  sourceOf(
    id,
    Array.from({ length: index % 3 }, (_, i) => `text ${i} of ${id}`),
  ),
)

async function chunksAt(path: string): Promise<StoredChunk[]> {
  await using reader = await openJsonStore({ path, mode: 'read' })
  const chunks: StoredChunk[] = []
  for await (const chunk of reader.getChunks()) chunks.push(chunk)
  for await (const problem of reader.verify()) throw new Error(JSON.stringify(problem))
  return chunks
}

test.each(ids)('entries that stay are copied whole when %s, whose place is among them, is changed', async (changed) => {
  await using folder = await temporaryFolder()
  const [path, expected] = [join(folder.path, 'store'), join(folder.path, 'expected')]
  const put = sourceOf(changed, ['another', 'text'])
  {
    await using store = await openJsonStore({ path, mode: 'write', space, layout: 'single' })
    await store.commit({ put: sources })
    await store.commit({ put: [put] })
  }
  {
    await using store = await openJsonStore({ path: expected, mode: 'write', space, layout: 'single' })
    await store.commit({ put: sources.map((source) => (source.state.id === changed ? put : source)) })
  }
  expect(await chunksAt(path)).toEqual(await chunksAt(expected))
})
