import { copyAsCrashed } from '@quern/core/testing'
import { acquireWriterLock } from '@quern/core/files'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../files/temporary-folder.ts'

test('the copy of a folder whose lock is held lets the next writer in, and the folder keeps its holder', async () => {
  await using folder = await temporaryFolder()
  await using left = await temporaryFolder()
  await mkdir(join(folder.path, 'store'))
  await writeFile(join(folder.path, 'store', 'data'), 'content')
  await using _ = await acquireWriterLock(join(folder.path, 'store', 'LOCK'))
  copyAsCrashed(folder.path, left.path)
  expect(await readFile(join(left.path, 'store', 'data'), 'utf8')).toBe('content')
  const next = await acquireWriterLock(join(left.path, 'store', 'LOCK'))
  await next.release()
  await expect(acquireWriterLock(join(folder.path, 'store', 'LOCK'))).rejects.toMatchObject({ code: 'STORE_BUSY' })
})

test('a lock under another name is ended when it is named, an empty one stays empty', async () => {
  await using folder = await temporaryFolder()
  await using left = await temporaryFolder()
  await writeFile(join(folder.path, 'LOCK'), '')
  await using _ = await acquireWriterLock(join(folder.path, 'writer.lock'))
  copyAsCrashed(folder.path, join(left.path, 'copy'), 'writer.lock')
  copyAsCrashed(folder.path, join(left.path, 'other'))
  const next = await acquireWriterLock(join(left.path, 'copy', 'writer.lock'))
  await next.release()
  expect(await readFile(join(left.path, 'other', 'LOCK'), 'utf8')).toBe('')
})

test('a lock that is no record of ours is an error that names it', async () => {
  await using folder = await temporaryFolder()
  await using left = await temporaryFolder()
  await writeFile(join(folder.path, 'LOCK'), 'held by somebody')
  expect(() => copyAsCrashed(folder.path, left.path)).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(join(left.path, 'LOCK')) }),
  )
})

/** The number in a file. */
function numberIn(path: string): number {
  return Number(readFileSync(path, 'utf8'))
}

test('the copy of a folder in which a thread writes is of one moment', async () => {
  await using folder = await temporaryFolder()
  await using left = await temporaryFolder()
  await mkdir(join(folder.path, 'below'))
  for (const name of ['a', join('below', 'b')]) await writeFile(join(folder.path, name), '0')
  // So that reading takes a while, in which much happens.
  for (let i = 0; i < 100; i++) await writeFile(join(folder.path, `file ${i}`), 'text '.repeat(2000))
  const signal = new Int32Array(new SharedArrayBuffer(8))
  const worker = new Worker(new URL('restless-writer.ts', import.meta.url), { workerData: [folder.path, signal] })
  const ended = once(worker, 'exit')
  try {
    while (Atomics.load(signal, 1) === 0) await delay(1)
    for (let number = 0; number < 50; number++) {
      const copy = join(left.path, String(number))
      copyAsCrashed(folder.path, copy)
      expect([0, 1], 'files of different moments').toContain(
        numberIn(join(copy, 'a')) - numberIn(join(copy, 'below', 'b')),
      )
    }
  } finally {
    Atomics.store(signal, 0, 1)
    await ended
  }
  expect(Atomics.load(signal, 1)).toBeGreaterThan(10)
})

// This file of Linux counts how often it was read.
test.skipIf(!existsSync('/proc/self/io'))('a folder that never rests is an error that names it', async () => {
  await using folder = await temporaryFolder()
  await symlink('/proc/self/io', join(folder.path, 'restless'))
  expect(() => copyAsCrashed(folder.path, join(folder.path, 'copy'))).toThrow(
    expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(folder.path) }),
  )
})
