import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openJsonStore } from '@quern/store-json'
import { refuseLlamaHook, runNode, temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { contentsOf } from '../stores/hostile-sources.ts'
import { runInProcess } from './run-in-process.ts'
import { runIndexer } from './run-indexer.ts'
import { embedder, writeDocs, writeStore } from './stored-project.ts'

async function contentsAt(path: string): Promise<unknown[]> {
  await using store = await openJsonStore({ path, mode: 'read' })
  return await contentsOf(store)
}

const none = { copied: 0, unchanged: 0, deleted: 0 }

test('copies everything to another place, without embedding, and again only what is missing', async () => {
  await using temporary = await temporaryFolder()
  const options = { cwd: temporary.path, nodeOptions: ['--import', refuseLlamaHook] }
  await writeStore(join(temporary.path, '.quern'), 5)
  const first = await runIndexer(['copy', '--to', 'json:copies/one', '--json'], options)
  expect(first.stderr).toBe('')
  expect(first.events()[0]).toMatchObject({ type: 'copy-started', sources: 5, chunks: 10 })
  expect(first.events().at(-1)).toEqual({
    type: 'copy-finished',
    sources: { ...none, copied: 5 },
    chunks: { ...none, copied: 10 },
    durationMs: expect.any(Number),
    interrupted: false,
    changedMeanwhile: false,
    to: { type: 'json', path: join(temporary.path, 'copies', 'one') },
    exitCode: 0,
  })
  expect(await contentsAt(join(temporary.path, 'copies', 'one'))).toEqual(
    await contentsAt(join(temporary.path, '.quern')),
  )
  const second = await runIndexer(['copy', '--to', 'copies/one'], options)
  expect(second.stdout).toMatch(/^sources {2}0 copied · 5 unchanged · 0 deleted\nchunks {3}0 copied · 10 unchanged/)
  expect(second.stdout).toContain(`--store json --store-path ${join(temporary.path, 'copies', 'one')}\n`)
})

test('a copy that is killed, again and again, is gone on with to the same end', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeStore(join(cwd, '.quern'), 3000)
  const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))
  for (let kill = 0; kill < 8; kill++) {
    const signal = AbortSignal.timeout(250 + 60 * kill)
    await runNode([cli, 'copy', '--to', 'json:copy', '--json'], { cwd, signal })
  }
  const last = await runInProcess(['copy', '--to', 'json:copy', '--json'], { cwd })
  const { sources } = last.events().at(-1) as { sources: { copied: number; unchanged: number } }
  expect(sources.copied + sources.unchanged).toBe(3000)
  expect(await contentsAt(join(cwd, 'copy'))).toEqual(await contentsAt(join(cwd, '.quern')))
})

test('copies from a named store to the configured one, and removes the rest on demand', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeStore(join(cwd, 'old'), 4)
  await writeStore(join(cwd, '.quern'), 6)
  const kept = await runInProcess(['copy', '--from', 'old', '--json'], { cwd })
  expect(kept.events().at(-1)).toMatchObject({ sources: { ...none, unchanged: 4 } })
  const mirrored = await runInProcess(['copy', '--from', 'old', '--delete', '--json'], { cwd })
  expect(mirrored.events().at(-1)).toMatchObject({ sources: { ...none, unchanged: 4, deleted: 2 } })
  expect(await contentsAt(join(cwd, '.quern'))).toEqual(await contentsAt(join(cwd, 'old')))
})

describe('is refused, with the next step:', () => {
  interface Refusal {
    readonly name: string
    readonly arguments: readonly string[]
    readonly exitCode: number
    readonly names: readonly string[]
  }

  test.for<Refusal>([
    { name: 'a copy to nowhere', arguments: ['copy'], exitCode: 2, names: ['indexer copy --to lancedb'] },
    { name: 'an empty address', arguments: ['copy', '--to', ' '], exitCode: 2, names: ['empty', 'json:backup/index'] },
    { name: 'a copy onto itself', arguments: ['copy', '--to', 'json:.quern'], exitCode: 2, names: ['onto itself'] },
    {
      name: 'a JSON store at an address',
      arguments: ['copy', '--to', 'json:s3://b/c'],
      exitCode: 2,
      names: ['address'],
    },
    { name: 'a copy of no store', arguments: ['copy', '--from', 'nowhere'], exitCode: 2, names: ['nowhere'] },
    {
      name: 'a copy into a store of another model',
      arguments: ['copy', '--to', 'other'],
      exitCode: 12,
      names: ['fake', 'another', 'other'],
    },
    {
      name: 'a copy into a folder with a store of another type',
      arguments: ['copy', '--to', 'json:lance'],
      exitCode: 2,
      names: ['lance', 'LanceDB', 'type json', 'indexer copy --from lancedb:'],
    },
    {
      name: 'the deletion of most of the target',
      arguments: ['copy', '--from', 'few', '--delete'],
      exitCode: 13,
      names: ['29 of 30', '--allow-mass-delete'],
    },
  ])('$name', async ({ arguments: arguments_, exitCode, names }) => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    await writeStore(join(cwd, '.quern'), 30)
    await writeStore(join(cwd, 'few'), 1)
    await writeStore(join(cwd, 'other'), 1, { ...embedder.space, model: 'another', fingerprint: 'another' })
    await mkdir(join(cwd, 'lance', 'chunks.lance'), { recursive: true })
    const result = await runInProcess(arguments_, { cwd })
    expect([result.exitCode, result.stdout]).toEqual([exitCode, ''])
    expect(result.stderr).toMatch(/^error: /)
    for (const name of names) expect(result.stderr).toContain(name)
  })
})

test('another writer on the target is waited for, or named', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeStore(join(cwd, '.quern'), 3)
  const writer = await openJsonStore({ path: join(cwd, 'target'), mode: 'write', space: embedder.space })
  const refused = await runIndexer(['copy', '--to', 'json:target'], { cwd })
  expect(refused.exitCode).toBe(10)
  expect(refused.stderr).toContain(String(process.pid))
  const waiting = runIndexer(['copy', '--to', 'json:target', '--wait', '60'], { cwd })
  await writer.close()
  expect((await waiting).exitCode).toBe(0)
})

describe('a store of another type at the same place', () => {
  test('is named, and the copy that helps', async () => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    await writeStore(join(cwd, 'index'), 1)
    await writeFile(join(cwd, 'indexer.config.yaml'), 'store: { type: lancedb, path: index }\n')
    for (const command of [['status'], ['search', 'x', '--mode', 'keyword'], ['verify']]) {
      const { exitCode, stderr } = await runInProcess(command, { cwd })
      expect(exitCode).toBe(2)
      expect(stderr).toContain(
        `${join(cwd, 'index')} holds a JSON store (type json), and the configuration asks for type lancedb`,
      )
      expect(stderr).toContain('indexer copy --from json:')
    }
  })

  test('is not confused at the default place, and a command that reads says how to bring it over', async () => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    await mkdir(join(cwd, '.quern-lancedb', 'chunks.lance'), { recursive: true })
    const { exitCode, stderr } = await runInProcess(['status'], { cwd })
    expect(exitCode).toBe(2)
    expect(stderr).toContain(`there is one of type lancedb at ${join(cwd, '.quern-lancedb')}`)
    expect(stderr).toContain('indexer copy --from lancedb')
  })
})

test('a run into a new store says nothing of other stores where there are none', async () => {
  await using temporary = await temporaryFolder()
  await writeDocs(temporary.path, 1)
  const { stderr, exitCode } = await runInProcess(['run', 'docs'], { cwd: temporary.path })
  // On a slow machine a line of progress may come: it tells of chunks.
  expect(stderr).not.toMatch(/store|copy/)
  expect(exitCode).toBe(0)
  expect(await readdir(temporary.path)).toEqual(['.quern', 'docs'])
})

test('what the paths of a store hold is printed, not obeyed', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeStore(join(cwd, '.quern'), 1)
  const { stdout, exitCode } = await runInProcess(['copy', '--to', 'json:a\u001b]0;owned\u0007'], { cwd })
  expect(exitCode).toBe(0)
  expect(stdout).not.toContain('\u001b')
})
