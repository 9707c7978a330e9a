import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EmbeddingSpace, SourceChunks, VectorStore } from '@quern/core'
import { nextGeneration } from '@quern/core/files'
import { openJsonStore } from '@quern/store-json'
import { openLanceStore } from '@quern/store-lancedb'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { runInProcess } from './run-in-process.ts'
import { embeddedSource, embedder } from './stored-project.ts'

type StoreType = 'json' | 'lancedb'

async function openAt(type: StoreType, path: string, space: EmbeddingSpace): Promise<VectorStore> {
  return type === 'json'
    ? openJsonStore({ path, mode: 'write', space })
    : openLanceStore({ uri: path, mode: 'write', space })
}

function someSources(count: number): Promise<SourceChunks[]> {
  return Promise.all(
    Array.from({ length: count }, (_, i) => embeddedSource(`docs/${i}.md`, [`text ${i}`, `more ${i}`])),
  )
}

/** A store of three sources, and what was begun of its re-embedding with a model of this name: two of them. */
async function beginReembedding(type: StoreType, folder: string, model: string): Promise<string> {
  {
    await using store = await openAt(type, folder, embedder.space)
    await store.commit({ put: await someSources(3) })
  }
  const space = { ...embedder.space, model, fingerprint: 'f'.repeat(64) }
  const next = await nextGeneration(folder, space.fingerprint)
  await using begun = await openAt(type, next.path, space)
  await begun.commit({ put: await someSources(2) })
  return next.path
}

describe.each([
  ['json', '.quern'],
  ['lancedb', '.quern-lancedb'],
] as const)('of a %s store', (type, name) => {
  test('a re-embedding that was begun is told: with which model, how far it is, and how to go on', async () => {
    await using folder = await temporaryFolder()
    const cwd = folder.path
    const path = await beginReembedding(type, join(cwd, name), 'bge-small-en-v1.5')
    const { stdout, exitCode } = await runInProcess(['status', '--store', type], { cwd })
    expect(exitCode).toBe(0)
    expect(stdout).toContain(
      'unfinished   re-embedding with bge-small-en-v1.5: 2 of 3 sources, 4 chunks done; until its end the old vectors count',
    )
    expect(stdout).toContain(`go on with: indexer reembed --model bge-small-en-v1.5; to give it up, remove ${path}`)
    const [status] = (await runInProcess(['status', '--store', type, '--json'], { cwd })).events()
    expect(status).toMatchObject({
      space: { model: 'fake' },
      sources: 3,
      unfinished: [{ type: 'begun', path, space: { model: 'bge-small-en-v1.5' }, sources: 2, chunks: 4 }],
    })
  })
})

test('a model of a file is told by its name, and the file is asked for', async () => {
  await using folder = await temporaryFolder()
  await beginReembedding('json', join(folder.path, '.quern'), 'mine-q8')
  const { stdout } = await runInProcess(['status'], { cwd: folder.path })
  expect(stdout).toContain('go on with: indexer reembed --model <file of mine-q8>')
})

test('one that ended before its first batch is not told, and one that is damaged does not keep the rest from being told', async () => {
  await using folder = await temporaryFolder()
  const cwd = folder.path
  const path = await beginReembedding('json', join(cwd, '.quern'), 'mine-q8')
  await mkdir(join(path, '..', `3-${'a'.repeat(12)}`))
  expect((await runInProcess(['status', '--json'], { cwd })).events()[0]?.['unfinished']).toHaveLength(1)
  await writeFile(join(path, 'manifest.json'), 'not a manifest')
  const { stdout, exitCode } = await runInProcess(['status'], { cwd })
  expect(exitCode).toBe(0)
  expect(stdout).toContain('unfinished   a re-embedding that cannot be read: ')
  expect(stdout).toContain(`to begin it anew, remove ${path}`)
  expect(stdout).toMatch(/^sources {6}3$/m)
})
