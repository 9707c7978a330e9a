import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '@quern/test-fixtures'
import { runInProcess } from './run-in-process.ts'

async function writeDocs(folder: string, count: number): Promise<void> {
  await mkdir(join(folder, 'docs'))
  for (let index = 0; index < count; index++)
    await writeFile(join(folder, 'docs', `${index}.md`), `text number ${index}`)
}

test('the shards of a corpus fill one store between them', async () => {
  await using folder = await temporaryFolder()
  await writeDocs(folder.path, 12)
  const counts: number[] = []
  for (const part of ['1/3', '2/3', '3/3']) {
    const { events } = await runInProcess(['run', 'docs', '--shard', part, '--json'], { cwd: folder.path })
    const { sources } = events().at(-1) as { readonly sources: { readonly new: number; readonly deleted: number } }
    expect(sources.deleted).toBe(0)
    counts.push(sources.new)
  }
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(12)
  const whole = await runInProcess(['run', 'docs', '--json'], { cwd: folder.path })
  expect(whole.events().at(-1)).toMatchObject({ sources: { unchanged: 12, new: 0 } })
})

test.each(['0/3', '4/3', 'x', '1/0'])('the shard %s is refused', async (part) => {
  await using folder = await temporaryFolder()
  const { exitCode, stderr } = await runInProcess(['run', 'docs', '--shard', part], { cwd: folder.path })
  expect(exitCode).toBe(2)
  expect(stderr).toContain('1/4')
})

test('with a cache of vectors another store takes them from there', async () => {
  await using folder = await temporaryFolder()
  await writeDocs(folder.path, 5)
  await writeFile(
    join(folder.path, 'indexer.config.json'),
    JSON.stringify({ sources: ['docs'], embedding: { vectorCache: true } }),
  )
  const search = async (store: string): Promise<string> => {
    const run = await runInProcess(['run', '--store-path', store, '--json'], { cwd: folder.path })
    expect(run.events().at(-1)).toMatchObject({ sources: { new: 5 }, exitCode: 0 })
    const found = await runInProcess(['search', 'text number 3', '--store-path', store, '--mode', 'vector', '--json'], {
      cwd: folder.path,
    })
    return found.stdout
  }
  expect(await search('one')).toBe(await search('two'))
})
