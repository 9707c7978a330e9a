import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openJsonStore } from '@quern/store-json'
import { temporaryFolder, tinyModelPath } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { runIndexer } from './run-indexer.ts'
import { writeDocs } from './stored-project.ts'
import { startWatching } from './watching.ts'

const model = await tinyModelPath()
const patience = { timeout: 120_000 }

test('each change is indexed, by the work that it calls for, and the model is loaded once', patience, async () => {
  await using folder = await temporaryFolder()
  const docs = join(folder.path, 'docs')
  await writeDocs(folder.path, 8)
  await runIndexer(['run', 'docs', '--model', model], { cwd: folder.path })
  // Edits that were made while nothing watched.
  await writeFile(join(docs, '0.txt'), 'Edited while nobody looked.\n')
  await using watch = await startWatching(['watch', 'docs', '--model', model, '--debounce', '0.2'], folder.path)
  expect(await watch.next('watch-started')).toMatchObject({ paths: [docs] })
  await watch.next('model-loaded')
  expect(await watch.next('run-finished')).toMatchObject({
    sources: { changed: 1, unchanged: 7 },
    chunks: { embedded: 1 },
  })

  await watch.next('watch-waiting')
  await rename(join(docs, '1.txt'), join(docs, 'renamed.txt'))
  expect(await watch.next('run-finished')).toMatchObject({
    sources: { new: 0, moved: 1, deleted: 0 },
    chunks: { embedded: 0, reused: 1 },
  })

  await watch.next('watch-waiting')
  await mkdir(join(docs, 'below'))
  await writeFile(join(docs, 'below', 'new.txt'), 'Something new in a new folder.\n')
  expect(await watch.next('run-finished')).toMatchObject({ sources: { new: 1 }, chunks: { embedded: 1 } })

  await watch.next('watch-waiting')
  await rm(join(docs, '2.txt'))
  expect(await watch.next('run-finished')).toMatchObject({ sources: { deleted: 1 }, chunks: { embedded: 0 } })

  // Between two runs the store is anybody's.
  await watch.next('watch-waiting')
  await (await openJsonStore({ path: join(folder.path, '.quern'), mode: 'write' })).close()
  expect(await watch.interrupt()).toBe(130)
  await expect(watch.next('model-loading')).rejects.toThrow('ended')
})

test('what would delete most of the store is refused and told, and the watch goes on', patience, async () => {
  await using folder = await temporaryFolder()
  const docs = join(folder.path, 'docs')
  await writeDocs(folder.path, 6)
  await using watch = await startWatching(['watch', 'docs', '--model', model, '--debounce', '0.2'], folder.path)
  expect(await watch.next('run-finished')).toMatchObject({ sources: { new: 6 } })
  await watch.next('watch-waiting')
  await rm(docs, { recursive: true })
  // Whether the empty folder or none is seen first is up to the system: neither deletes anything.
  expect(['MASS_DELETION', 'ROOT_NOT_FOUND']).toContain((await watch.next('error'))['code'])
  await writeDocs(folder.path, 6)
  await writeFile(join(docs, 'more.txt'), 'One more than before.\n')
  for (;;) {
    const { sources } = (await watch.next('run-finished')) as unknown as { sources: Record<string, number> }
    expect(sources['deleted']).toBe(0)
    if (sources['new'] === 1) break
  }
  await writeFile(join(docs, 'later.txt'), 'The folder is watched again.\n')
  expect(await watch.next('run-finished')).toMatchObject({ sources: { new: 1, deleted: 0 } })
  expect(await watch.interrupt()).toBe(130)
})

test.each([
  { what: 'a path that is not there', arguments_: ['absent'], exitCode: 2 },
  { what: 'a model that is not there', arguments_: ['docs', '--model', 'absent.gguf'], exitCode: 14 },
  { what: 'a store of another model', arguments_: ['docs', '--model', model], exitCode: 12 },
])('$what ends the watch at its beginning', async ({ arguments_, exitCode }) => {
  await using folder = await temporaryFolder()
  await writeDocs(folder.path, 1)
  const space = { model: 'other', dimensions: 4, fingerprint: 'other' }
  await (await openJsonStore({ path: join(folder.path, '.quern'), mode: 'write', space })).close()
  const watch = await runIndexer(['watch', ...arguments_, '--json'], { cwd: folder.path })
  expect(watch.exitCode).toBe(exitCode)
  expect(JSON.parse(watch.stderr)).toMatchObject({ type: 'error' })
})
