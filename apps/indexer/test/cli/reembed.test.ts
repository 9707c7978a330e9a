import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openJsonStore } from '@quern/store-json'
import { temporaryFolder, tinyModelPath } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { runInProcess } from './run-in-process.ts'
import { embeddedSource, embedder, writeDocs, writeStore } from './stored-project.ts'

const model = await tinyModelPath()

test('a store is embedded anew from its texts, and search, run and a second call find it so', async () => {
  await using folder = await temporaryFolder()
  const options = { cwd: folder.path }
  await writeStore(join(folder.path, '.quern'), 3)
  const first = await runInProcess(['reembed', '--model', model], options)
  expect(first.exitCode).toBe(0)
  expect(first.stdout).toContain('3 embedded anew · 0 done before · 0 failed')
  expect(first.stdout).toContain('switched: the store now has vectors of tiny')
  expect(first.stdout).toContain(
    `from now on name the model in a configuration (indexer.config.yaml):  model: ${model}`,
  )

  const found = await runInProcess(['search', 'more of 2', '--model', model, '--limit', '1', '--json'], options)
  expect(found.events()).toMatchObject([{ metadata: { source: 'docs/2.md', chunk: 1 } }])

  const second = await runInProcess(['reembed', '--model', model, '--json'], options)
  expect(second.events()).toMatchObject([
    { type: 'reembed-finished', chunks: { embedded: 0 }, switched: false, exitCode: 0 },
  ])

  const old = await runInProcess(['search', 'text'], options)
  expect(old.exitCode).toBe(12)
  expect(old.stderr).toMatch(/to the configured model, from its stored texts: indexer reembed\./)
})

test('after a change of the model a run embeds nothing again, and removes the old vectors', async () => {
  await using folder = await temporaryFolder()
  const options = { cwd: folder.path }
  await writeDocs(folder.path, 4)
  await writeFile(join(folder.path, 'indexer.config.yaml'), 'sources: [docs]\nstore: lancedb\n')
  await runInProcess(['run'], options)
  const again = await runInProcess(['reembed', '--model', model, '--json'], options)
  expect(again.events().at(-1)).toMatchObject({
    chunks: { embedded: 4, written: 4 },
    switched: true,
    store: { type: 'lancedb' },
    exitCode: 0,
  })
  // The tiny model takes fewer tokens, so that the recipe is another: said beforehand, told by the run, and at no cost.
  const run = await runInProcess(['run', '--model', model, '--json'], options)
  expect(run.events().at(-1)).toMatchObject({ sources: { failed: 0 }, chunks: { embedded: 0 }, exitCode: 0 })
  expect((await readdir(join(folder.path, '.quern-lancedb'))).toSorted()).toEqual(['generation.json', 'generations'])
  const last = await runInProcess(['run', '--model', model, '--json'], options)
  expect(last.events().at(-1)).toMatchObject({ sources: { unchanged: 4 }, chunks: { embedded: 0, written: 0 } })
})

test('a text that does not fit the new model is named, and the store switched only when told to', async () => {
  await using folder = await temporaryFolder()
  const options = { cwd: folder.path }
  const path = join(folder.path, '.quern')
  {
    await using store = await openJsonStore({ path, mode: 'write', space: embedder.space })
    const long = Array.from({ length: 400 }, () => 'wheel').join(' ')
    await store.commit({
      put: [await embeddedSource('docs/a.md', ['short']), await embeddedSource('docs/b.md', [long])],
    })
  }
  const refused = await runInProcess(['reembed', '--model', model], options)
  expect(refused.exitCode).toBe(3)
  expect(refused.stderr).toMatch(
    /failed: docs\/b\.md: chunk 0 \(lines 1 to 1\) has \d+ tokens; at most 255 fit into tiny/,
  )
  expect(refused.stdout).toContain('not switched: 1 source with a text that does not fit')
  const left = await runInProcess(['reembed', '--model', model, '--leave-out', '--json'], options)
  expect(left.exitCode).toBe(3)
  expect(left.events().at(-1)).toMatchObject({
    sources: { written: 0, kept: 1, failed: 1 },
    chunks: { embedded: 0 },
    switched: true,
  })
})

test('with --to the vectors go to another store, and the first stays as it is', async () => {
  await using folder = await temporaryFolder()
  const options = { cwd: folder.path }
  await writeStore(join(folder.path, '.quern'), 2)
  const run = await runInProcess(['reembed', '--model', model, '--to', 'json:other'], options)
  expect(run.exitCode).toBe(0)
  expect(run.stdout).toContain('to use it, name it in the configuration (store)')
  await using old = await openJsonStore({ path: join(folder.path, '.quern'), mode: 'read' })
  await using other = await openJsonStore({ path: join(folder.path, 'other'), mode: 'read' })
  expect([old.space.model, other.space.model]).toEqual(['fake', expect.stringMatching(/^tiny/)])
  expect((await other.stats()).chunks).toBe(4)
})

test.each([
  { what: 'no store', arguments_: [], code: 'STORE_NOT_FOUND' },
  {
    what: 'an address',
    arguments_: ['--store', 'lancedb', '--store-path', 's3://bucket/index'],
    code: 'OPTION_INVALID',
  },
  { what: 'the store itself as the other', arguments_: ['--to', 'json'], code: 'OPTION_INVALID' },
])('$what is refused, and nothing is made', async ({ arguments_, code }) => {
  await using folder = await temporaryFolder()
  const run = await runInProcess(['reembed', '--model', model, '--json', ...arguments_], { cwd: folder.path })
  expect(run.exitCode).toBe(2)
  expect(JSON.parse(run.stderr)).toMatchObject({ type: 'error', code, hint: expect.any(String) })
  expect(await readdir(folder.path)).toEqual([])
})
