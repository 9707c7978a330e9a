import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { runInProcess } from './run-in-process.ts'

test('a run over a part of a configured source brings that part up to date, and leaves the rest of the store alone', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await mkdir(join(cwd, 'docs', 'guide'), { recursive: true })
  await writeFile(join(cwd, 'indexer.config.json'), '{"sources":["docs"]}')
  for (const name of ['a.md', 'b.md', 'guide/c.md', 'guide/d.md'])
    await writeFile(join(cwd, 'docs', name), `Text of ${name}.`)
  const run = async (...paths: string[]): Promise<Record<string, unknown>> => {
    const result = await runInProcess(['run', ...paths, '--json'], { cwd })
    expect({ stderr: result.stderr, exitCode: result.exitCode }).toEqual({ stderr: '', exitCode: 0 })
    return result.events().at(-1)?.['sources'] as Record<string, unknown>
  }
  const none = { new: 0, changed: 0, moved: 0, deleted: 0, unchanged: 0, failed: 0 }
  expect(await run()).toEqual({ ...none, new: 4 })

  await rm(join(cwd, 'docs', 'a.md'))
  await rm(join(cwd, 'docs', 'guide', 'c.md'))
  await writeFile(join(cwd, 'docs', 'b.md'), 'Another text.')
  await writeFile(join(cwd, 'docs', 'guide', 'd.md'), 'Another text, too.')
  expect(await run(join('docs', 'guide'))).toEqual({ ...none, deleted: 1, changed: 1 })
  const gone = await runInProcess(['run', join('docs', 'guide', 'c.md'), '--json'], { cwd })
  expect(gone.stderr).toContain('ROOT_NOT_FOUND')
  expect(await run()).toEqual({ ...none, deleted: 1, changed: 1, unchanged: 1 })
})
