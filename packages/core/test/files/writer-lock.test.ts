import type { QuernError } from '@quern/core'
import { isQuernError } from '@quern/core'
import { acquireWriterLock } from '@quern/core/files'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startContender } from './start-contender.ts'
import { temporaryFolder } from './temporary-folder.ts'

async function refusal(work: Promise<unknown>): Promise<QuernError> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(isQuernError(thrown)).toBe(true)
  return thrown as QuernError
}

test('a lock names its holder in a file that is gone after the release', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  const lock = await acquireWriterLock(path)
  expect(lock.path).toBe(path)
  expect(lock.holder).toMatchObject({ pid: process.pid, host: hostname() })
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject(lock.holder)
  expect(await readdir(folder.path)).toEqual(['lock'])
  await lock.release()
  expect(await readdir(folder.path)).toEqual([])
})

test('a second lock is refused with STORE_BUSY, which names process, host and file and says how to wait', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  await using _ = await acquireWriterLock(path)
  const error = await refusal(acquireWriterLock(path))
  expect(error.code).toBe('STORE_BUSY')
  for (const part of [path, `process ${process.pid}`, hostname(), 'this very process'])
    expect(error.message).toContain(part)
  expect(error.hint).toContain('--wait')
  expect(error.details).toMatchObject({ lock: path, pid: process.pid, host: hostname() })
})

test('the lock of another process is respected while it runs and taken over when it was killed', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  await using other = await startContender()
  expect(await other.tell({ do: 'take', path })).toBe('taken')
  const error = await refusal(acquireWriterLock(path))
  expect(error.message).toContain(`process ${other.pid} on ${hostname()}`)
  await other.kill()
  await using lock = await acquireWriterLock(path)
  expect(lock.holder.pid).toBe(process.pid)
  expect(await readdir(folder.path)).toEqual(['lock'])
})

test('a released lock can be taken again, and releasing twice does not touch the lock of the next holder', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  const first = await acquireWriterLock(path)
  await Promise.all([first.release(), first.release()])
  await using second = await acquireWriterLock(path)
  await first.release()
  await first[Symbol.asyncDispose]()
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject(second.holder)
})

test('a release leaves a lock file alone that is not its own, and one that is gone is no error', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  const robbed = await acquireWriterLock(path)
  await rm(path)
  const next = await acquireWriterLock(path)
  await robbed.release()
  expect(await readdir(folder.path)).toEqual(['lock'])
  await rm(path)
  await next.release()
})

test('a lock is waited for', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  const first = await acquireWriterLock(path)
  const order: string[] = []
  const takeAndRelease = async (): Promise<void> => {
    const lock = await acquireWriterLock(path, { waitSeconds: 60 })
    order.push('taken')
    await lock.release()
  }
  const second = takeAndRelease()
  await delay(100)
  order.push('released')
  await first.release()
  await second
  expect(order).toEqual(['released', 'taken'])
})

test('waiting ends with STORE_BUSY after the time given', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  await using _ = await acquireWriterLock(path)
  const error = await refusal(acquireWriterLock(path, { waitSeconds: 0.1 }))
  expect(error.code).toBe('STORE_BUSY')
  expect(error.message).toContain('waited 0.1 s')
})

test('an abort ends the waiting with the reason of the signal, before and during it', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  const reason = new Error('enough')
  await expect(acquireWriterLock(path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  expect(await readdir(folder.path)).toEqual([])
  await using _ = await acquireWriterLock(path)
  const controller = new AbortController()
  const waiting = acquireWriterLock(path, { waitSeconds: 60, signal: controller.signal })
  setTimeout(() => controller.abort(reason), 50)
  await expect(waiting).rejects.toBe(reason)
  expect(await readdir(folder.path)).toEqual(['lock'])
})

test.each([
  ['text', 'not JSON'],
  ['nothing', ''],
  ['JSON of another kind', '[]'],
  ['a process group', JSON.stringify({ pid: -1, host: hostname(), token: 'a'.repeat(36), created: '' })],
  ['a token that is a path', JSON.stringify({ pid: 1, host: hostname(), token: '../x', created: '' })],
])('a lock file that holds %s is not removed but reported', async (_, content) => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  await writeFile(path, content)
  const error = await refusal(acquireWriterLock(path))
  expect(error.code).toBe('STORE_BUSY')
  expect(error.hint).toContain(`remove the file ${path}`)
  expect(await readFile(path, 'utf8')).toBe(content)
})

test.each([-1, Number.NaN])('a wait of %d seconds is refused', async (waitSeconds) => {
  const error = await refusal(acquireWriterLock('lock', { waitSeconds }))
  expect(error.code).toBe('OPTION_INVALID')
})

test('a folder that does not exist is STORE_WRITE_FAILED, with the cause', async () => {
  await using folder = await temporaryFolder()
  const error = await refusal(acquireWriterLock(join(folder.path, 'absent', 'lock')))
  expect(error.code).toBe('STORE_WRITE_FAILED')
  expect(error.hint).toContain(join(folder.path, 'absent'))
  expect(error.cause).toMatchObject({ code: 'ENOENT' })
})

test('what killed processes left beside the lock is removed, and nothing else', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  for (const name of ['lock.break-1', 'lock.2.new', 'lock.txt', 'block.break-1', 'new'])
    await writeFile(join(folder.path, name), '')
  await mkdir(join(folder.path, 'lock.break-folder'))
  await using _ = await acquireWriterLock(path)
  const left = await readdir(folder.path)
  expect(left.toSorted()).toEqual(['block.break-1', 'lock', 'lock.break-folder', 'lock.txt', 'new'])
})
