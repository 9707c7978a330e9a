import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openJsonStore } from '@quern/store-json'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { runInProcess } from './run-in-process.ts'
import { runIndexer } from './run-indexer.ts'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

async function writeDocs(folder: string, count: number): Promise<void> {
  await mkdir(join(folder, 'docs'))
  for (let i = 0; i < count; i++) await writeFile(join(folder, 'docs', `${i}.txt`), `Note number ${i}.\n`)
}

test('a run goes on when the reader of its output has seen enough', async () => {
  await using temporary = await temporaryFolder()
  await writeDocs(temporary.path, 30)
  const child = spawn(process.execPath, [cli, 'run', 'docs', '--json'], {
    cwd: temporary.path,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await once(child.stdout, 'data')
  child.stdout.destroy()
  child.stderr.destroy()
  const [exitCode] = (await once(child, 'exit')) as [number]
  expect(exitCode).toBe(0)
  await using store = await openJsonStore({ path: join(temporary.path, '.quern'), mode: 'read' })
  expect((await store.stats()).sources).toBe(30)
})

test('Ctrl-C while waiting for another run is an interruption, not a fault', async () => {
  await using temporary = await temporaryFolder()
  await writeDocs(temporary.path, 1)
  const startedAt = performance.now()
  await runIndexer(['run', 'docs'], { cwd: temporary.path })
  const wholeRun = performance.now() - startedAt
  await using holder = await openJsonStore({ path: join(temporary.path, '.quern'), mode: 'write' })
  const child = spawn(process.execPath, [cli, 'run', 'docs', '--wait', '60'], { cwd: temporary.path, stdio: 'pipe' })
  // It waits by then: it has had the time of two whole runs, and more.
  const timer = setTimeout(() => child.kill('SIGINT'), 2000 + 2 * wholeRun)
  const [exitCode] = (await once(child, 'exit')) as [number]
  clearTimeout(timer)
  expect(exitCode).toBe(130)
  expect((await holder.stats()).sources).toBe(1)
})

test('what a terminal would obey is not printed as it stands', async () => {
  await using temporary = await temporaryFolder()
  await mkdir(join(temporary.path, 'docs'))
  await writeFile(join(temporary.path, 'docs', 'a.txt'), 'penguin \u001b]0;owned\u0007 and more\n')
  await runInProcess(['run', 'docs'], { cwd: temporary.path })
  const { stdout } = await runInProcess(['search', 'penguin'], { cwd: temporary.path })
  expect(stdout).toContain('penguin')
  expect(stdout).not.toContain('\u001b]')
})
