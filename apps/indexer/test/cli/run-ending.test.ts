import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { runInProcess } from './run-in-process.ts'

async function writeNotes(folder: string, count: number): Promise<void> {
  await mkdir(join(folder, 'docs'))
  for (let i = 0; i < count; i++) await writeFile(join(folder, 'docs', `${i}.txt`), `Note number ${i} on wheels.\n`)
}

const none = { new: 0, changed: 0, moved: 0, deleted: 0, unchanged: 0, failed: 0 }
const noChunks = { embedded: 0, reused: 0, written: 0, deleted: 0 }

test('the last line of run --json is run-finished with the exit code where the run is refused before it begins', async () => {
  await using folder = await temporaryFolder()
  const { exitCode, events } = await runInProcess(['run', 'nowhere', '--json'], { cwd: folder.path })
  expect(exitCode).toBe(2)
  expect(events()).toEqual([
    { type: 'run-finished', sources: none, chunks: noChunks, tokens: 0, durationMs: expect.any(Number), exitCode: 2 },
  ])
})

test('and where it is refused for what it would delete', async () => {
  await using folder = await temporaryFolder()
  await writeNotes(folder.path, 12)
  await runInProcess(['run', 'docs'], { cwd: folder.path })
  for (let i = 0; i < 9; i++) await rm(join(folder.path, 'docs', `${i}.txt`))
  const { exitCode, events } = await runInProcess(['run', 'docs', '--json'], { cwd: folder.path })
  expect(exitCode).toBe(13)
  expect(events().at(-2)).toMatchObject({ type: 'run-failed', message: expect.stringContaining('9 of 12') as string })
  expect(events().at(-1)).toMatchObject({
    type: 'run-finished',
    sources: { ...none, unchanged: 3 },
    chunks: noChunks,
    exitCode: 13,
  })
})

test('and where it fails half-way: what was done by then is counted', async () => {
  await using folder = await temporaryFolder()
  await writeNotes(folder.path, 3)
  await runInProcess(['run', 'docs'], { cwd: folder.path })
  await writeFile(join(folder.path, 'docs', 'broken.pdf'), '%PDF-1.7 and then nothing that a reader could use')
  const { exitCode, events } = await runInProcess(['run', 'docs', '--json', '--strict'], { cwd: folder.path })
  expect(exitCode).toBe(1)
  expect(events().at(-2)).toMatchObject({ type: 'run-failed' })
  expect(events().at(-1)).toMatchObject({
    type: 'run-finished',
    sources: { ...none, unchanged: 3, failed: 1 },
    exitCode: 1,
  })
})
