import { isQuernError } from '@quern/core'
import { acquireWriterLock } from '@quern/core/files'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ProcessIdentity } from '../../src/files/process-identity.ts'
import { identifyThisProcess, processStatus } from '../../src/files/process-identity.ts'
import { startContender } from './start-contender.ts'
import { temporaryFolder } from './temporary-folder.ts'

const self: ProcessIdentity = {
  pid: process.pid,
  processStart: '1000',
  host: 'mill',
  machine: 'machine 1',
  boot: 'boot 1',
  pidNamespace: 'pid:[1]',
}

async function pidOfKilled(): Promise<number> {
  await using killed = await startContender()
  return killed.pid
}

test('this process runs, with all that is known of it', async () => {
  const identity = await identifyThisProcess()
  expect(identity.pid).toBe(process.pid)
  expect(await identifyThisProcess()).toEqual(identity)
  expect(await processStatus(identity, identity)).toBe('running')
})

test('a process whose number now belongs to one that started at another time is gone', async () => {
  const identity = await identifyThisProcess()
  expect(await processStatus({ ...identity, processStart: 'another' }, identity)).toBe(
    identity.processStart === undefined ? 'running' : 'gone',
  )
})

test.each<[string, Partial<ProcessIdentity>, string]>([
  ['another boot of the same host is gone', { boot: 'boot 2' }, 'gone'],
  ['another host cannot be seen', { host: 'other' }, 'unknown'],
  ['another host of this boot cannot be seen either', { host: 'other', boot: 'boot 2' }, 'unknown'],
  ['a machine of the same name cannot be seen', { machine: 'machine 2', boot: 'boot 2' }, 'unknown'],
  ['another container of the same boot cannot be seen', { pidNamespace: 'pid:[2]' }, 'unknown'],
])('a process of %s', async (_, change, status) => {
  expect(await processStatus({ ...self, ...change }, self)).toBe(status)
})

test('a process of which no boot was recorded is not taken for one of another boot', async () => {
  const { boot: _, ...bootless } = self
  expect(await processStatus(bootless, self)).toBe('unknown')
  expect(await processStatus(self, bootless)).toBe('unknown')
})

test('where the system tells nothing but numbers, a process runs as long as its number is taken', async () => {
  const here = { pid: process.pid, host: 'mill' }
  await using running = await startContender()
  expect(await processStatus({ pid: running.pid, host: 'mill' }, here)).toBe('running')
  await running.kill()
  expect(await processStatus({ pid: running.pid, host: 'mill' }, here)).toBe('gone')
})

const token = '00000000-0000-4000-8000-000000000000'

async function writeLock(path: string, holder: ProcessIdentity): Promise<void> {
  await writeFile(path, JSON.stringify({ ...holder, token, created: '2026-01-02T03:04:05.678Z' }))
}

test('the lock of a process that has ended is taken over', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  await writeLock(path, { ...(await identifyThisProcess()), pid: await pidOfKilled() })
  await using _ = await acquireWriterLock(path)
  expect(await readFile(path, 'utf8')).not.toContain(token)
})

test('the lock of a process on another machine is kept, and the error says what to do', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'lock')
  await writeLock(path, { ...(await identifyThisProcess()), pid: await pidOfKilled(), host: 'elsewhere' })
  const thrown: unknown = await acquireWriterLock(path).catch((error: unknown) => error)
  expect(isQuernError(thrown, 'STORE_BUSY')).toBe(true)
  expect(thrown).toMatchObject({
    message: expect.stringContaining('on elsewhere since 2026-01-02T03:04:05.678Z'),
    hint: expect.stringMatching(/another machine .* remove the file .*--wait/),
  })
  expect(await readFile(path, 'utf8')).toContain(token)
})
