import { acquireWriterLock, inspectWriterLock } from '@quern/core/files'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { identifyThisProcess } from '../../src/files/process-identity.ts'
import { startContender } from './start-contender.ts'
import { temporaryFolder } from './temporary-folder.ts'

test('a lock is free, held, free again, and is not changed by being looked at', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'LOCK')
  expect(await inspectWriterLock(path)).toEqual({ state: 'free', holder: undefined })
  await using lock = await acquireWriterLock(path)
  const before = await readFile(path, 'utf8')
  expect(await inspectWriterLock(path)).toEqual({ state: 'held', holder: lock.holder })
  expect(await readFile(path, 'utf8')).toBe(before)
  await lock.release()
  expect((await inspectWriterLock(path)).state).toBe('free')
})

test('the lock of a killed process is stale, and names it', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'LOCK')
  await using contender = await startContender()
  await contender.tell({ do: 'take', path })
  await contender.kill()
  expect(await inspectWriterLock(path)).toMatchObject({ state: 'stale', holder: { pid: contender.pid } })
})

test('whether the holder on another machine still runs is not known, nor what a damaged file says', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'LOCK')
  const token = '00000000-0000-4000-8000-000000000000'
  const record = { ...(await identifyThisProcess()), host: 'elsewhere', token, created: '2026-01-02T03:04:05.678Z' }
  await writeFile(path, JSON.stringify(record))
  expect(await inspectWriterLock(path)).toMatchObject({ state: 'unknown', holder: { host: 'elsewhere' } })
  await writeFile(path, '{"pid":')
  expect(await inspectWriterLock(path)).toEqual({ state: 'unknown', holder: undefined })
})
