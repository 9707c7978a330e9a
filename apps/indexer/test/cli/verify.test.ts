import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '@quern/core'
import { openJsonStore } from '@quern/store-json'
import { refuseLlamaHook, temporaryFolder } from '@quern/test-fixtures'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInProcess } from './run-in-process.ts'
import { runIndexer } from './run-indexer.ts'
import { embeddedSource, embedder, writeDocs, writeStore } from './stored-project.ts'

let indexed: Awaited<ReturnType<typeof temporaryFolder>>

beforeAll(async () => {
  indexed = await temporaryFolder()
  await writeDocs(indexed.path, 12)
  await runInProcess(['run', 'docs'], { cwd: indexed.path })
})

afterAll(() => indexed[Symbol.asyncDispose]())

/** Gives the first source of a store the vectors of other texts. */
async function writeWrongVectors(path: string): Promise<void> {
  await using store = await openJsonStore({ path, mode: 'write' })
  const [state] = await Array.fromAsync(store.listSources())
  if (state === undefined) throw new Error('the store is empty')
  const chunks = await Array.fromAsync(store.getChunks({ sources: [state.id] }))
  for (const { vector } of chunks) vector.reverse()
  await store.commit({ put: [{ state, chunks }] })
}

describe('a sound store', () => {
  test('is said to be sound, after samples of it were embedded anew', async () => {
    const result = await runInProcess(['verify', '--samples', '5'], { cwd: indexed.path })
    expect(result.exitCode).toBe(0)
    // On a slow machine a line of progress may come.
    expect(result.stderr).toMatch(/^(?:embedding: .*\n)*$/)
    expect(result.stdout).toMatch(/^checked {2}12 sources · 12 chunks · 5 samples embedded anew · .*\nsound {4}/)
  })

  test('is left as it is by a repair, and reported as JSON', async () => {
    const before = await runInProcess(['status', '--json'], { cwd: indexed.path })
    const result = await runInProcess(['verify', '--repair', '--json', '--samples', '0'], { cwd: indexed.path })
    expect(result.events().at(-1)).toEqual({
      type: 'verify-finished',
      sources: 12,
      chunks: 12,
      samples: 0,
      findings: 0,
      durationMs: expect.any(Number),
      repaired: { actions: [], lostSources: [] },
      exitCode: 0,
    })
    expect((await runInProcess(['status', '--json'], { cwd: indexed.path })).stdout).toBe(before.stdout)
  })

  test('is verified without a model where no samples are wanted, or none of its model can be had', async () => {
    await using temporary = await temporaryFolder()
    await writeStore(join(temporary.path, '.quern'), 3)
    const options = { cwd: temporary.path, nodeOptions: ['--import', refuseLlamaHook] }
    const plain = await runIndexer(['verify', '--samples', '0'], options)
    expect([plain.exitCode, plain.stderr]).toEqual([0, ''])
    const other = await runIndexer(['verify'], options)
    expect(other.exitCode).toBe(0)
    expect(other.stderr).toMatch(/^no samples are embedded anew: .*fake.*--model\n$/)
    const asked = await runIndexer(['verify', '--samples', '3'], options)
    expect([asked.exitCode, asked.stdout]).toEqual([12, ''])
  })
})

describe('a store in which something is wrong', () => {
  test('is said to be corrupt, with the command that mends it, which computes wrong vectors anew', async () => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    await writeDocs(cwd, 3)
    await runInProcess(['run', 'docs'], { cwd })
    await writeWrongVectors(join(cwd, '.quern'))

    const spoken = await runInProcess(['verify'], { cwd })
    expect(spoken.exitCode).toBe(11)
    expect(spoken.stdout).toMatch(/^fault {4}docs\/0\.txt: chunk 0 .* cosine of /)
    expect(spoken.stdout).toContain('found    1 fault; mend what can be mended with: indexer verify --repair\n')
    const machine = await runInProcess(['verify', '--json'], { cwd })
    expect(machine.events()).toContainEqual(
      expect.objectContaining({
        type: 'fault-found',
        check: 'embedding',
        place: 'docs/0.txt',
        sources: ['docs/0.txt'],
      }),
    )
    expect(machine.events().at(-1)).toMatchObject({ type: 'verify-finished', findings: 1, exitCode: 11 })

    const repaired = await runInProcess(['verify', '--repair'], { cwd })
    expect(repaired.stdout).toMatch(/mended {3}computed 1 vector anew, from the stored texts\n[^]*sound {4}/)
    expect(repaired.exitCode).toBe(0)
    expect((await runInProcess(['verify'], { cwd })).exitCode).toBe(0)
    expect((await runInProcess(['run', 'docs', '--json'], { cwd })).events().at(-1)).toMatchObject({
      sources: { unchanged: 3 },
      chunks: { embedded: 0 },
    })
  })

  test('loses a source that cannot be mended, and names it', async () => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    await writeDocs(cwd, 3)
    await runInProcess(['run', 'docs'], { cwd })
    await using store = await openJsonStore({ path: join(cwd, '.quern'), mode: 'write' })
    const source = await embeddedSource('docs/9.txt', ['a text'])
    const [chunk] = source.chunks
    if (chunk === undefined) throw new Error('there is no chunk')
    const vector = new Float32Array(store.space.dimensions)
    vector[0] = 1
    await store.commit({ put: [{ ...source, chunks: [{ ...chunk, vector, id: sha256('another text') }] }] })
    await store.close()
    const repaired = await runInProcess(['verify', '--repair'], { cwd })
    expect(repaired.exitCode).toBe(3)
    expect(repaired.stdout).toContain('removed  docs/9.txt\n')
    expect(repaired.stdout).toContain('indexer run')
  })

  test('of which a file is damaged is said to be corrupt, with the file; what can be is mended, the rest named', async () => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    const path = join(cwd, '.quern')
    await using store = await openJsonStore({ path, mode: 'write', space: embedder.space, layout: 'segments' })
    await store.commit({ put: [await embeddedSource('a', ['one']), await embeddedSource('b', ['two'])] })
    await store.close()
    const folder = join(path, 'chunks')
    for (const name of await readdir(folder)) {
      const file = join(folder, name)
      await writeFile(file, (await readFile(file, 'utf8')).replace('one', 'One'))
    }
    const { exitCode, stdout, stderr } = await runInProcess(['verify', '--samples', '0'], { cwd })
    expect(exitCode).toBe(11)
    expect(stdout + stderr).toContain(join('.quern', 'chunks'))
    expect(stdout + stderr).toContain('indexer verify --repair')

    const repaired = await runInProcess(['verify', '--repair', '--samples', '0', '--json'], { cwd })
    expect(repaired.exitCode).toBe(3)
    expect(repaired.events().at(-1)).toMatchObject({
      type: 'verify-finished',
      sources: 1,
      findings: 0,
      repaired: { lostSources: ['a'] },
      exitCode: 3,
    })
    expect((await runInProcess(['verify', '--samples', '0'], { cwd })).exitCode).toBe(0)
  })

  test('that cannot be opened any more is repaired all the same', async () => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    const path = join(cwd, '.quern')
    await using store = await openJsonStore({ path, mode: 'write', space: embedder.space, layout: 'segments' })
    await store.commit({ put: [await embeddedSource('a', ['one']), await embeddedSource('b', ['two'])] })
    await store.close()
    await truncate(join(path, 'manifest.json'), 20)
    const refused = await runInProcess(['verify', '--samples', '0'], { cwd })
    expect([refused.exitCode, refused.stderr]).toEqual([11, expect.stringContaining('indexer verify --repair')])
    const repaired = await runInProcess(['verify', '--repair', '--samples', '0'], { cwd })
    expect(repaired.stdout).toMatch(/^mended /)
    expect((await runInProcess(['verify', '--samples', '0'], { cwd })).exitCode).toBe(0)
  })
})

test('another writer is named when a store is to be repaired', async () => {
  await using temporary = await temporaryFolder()
  await using writer = await openJsonStore({
    path: join(temporary.path, '.quern'),
    mode: 'write',
    space: embedder.space,
  })
  await writer.commit({ put: [await embeddedSource('a', ['one'])] })
  expect((await runIndexer(['verify', '--repair', '--samples', '0'], { cwd: temporary.path })).exitCode).toBe(10)
  expect((await runInProcess(['verify', '--samples', '0'], { cwd: temporary.path })).exitCode).toBe(0)
})
