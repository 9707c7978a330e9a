import { readdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { QuernError } from '@quern/core'
import { acquireWriterLock, diskOperations } from '@quern/core/files'
import { runNode, temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { checkDisk } from '../../src/doctor/check-disk.ts'
import { checkLock } from '../../src/doctor/check-lock.ts'
import { checkModel } from '../../src/doctor/check-model.ts'
import { checkNativeModules } from '../../src/doctor/check-native-modules.ts'
import type { NativeModule } from '../../src/doctor/check-native-modules.ts'
import { checkNode, checkThreads } from '../../src/doctor/check-node.ts'
import type { NodeFacts } from '../../src/doctor/check-node.ts'
import { checkStore } from '../../src/doctor/check-store.ts'
import { openJsonStore } from '@quern/store-json'
import { embedder, writeStore } from '../cli/stored-project.ts'
import { createFakeEmbedder } from '@quern/core/testing'

const facts: NodeFacts = {
  version: '24.21.0',
  platform: 'linux',
  architecture: 'x64',
  processors: 8,
  threadPoolSize: undefined,
  recommendedPoolSize: 12,
  concurrency: undefined,
}
const { signal } = new AbortController()

describe('Node', () => {
  test('is supported from 22 on', () => {
    expect(checkNode(facts).level).toBe('ok')
    expect(checkNode({ ...facts, version: '22.0.0' }).level).toBe('ok')
    expect(checkNode({ ...facts, version: '20.18.1' })).toMatchObject({
      level: 'fail',
      message: expect.stringContaining('20.18.1'),
      fix: expect.stringContaining('nvm install'),
    })
  })

  test('has too few threads where the environment or the configuration says so', () => {
    expect(checkThreads(facts).level).toBe('ok')
    expect(checkThreads({ ...facts, threadPoolSize: '12' }).level).toBe('ok')
    expect(checkThreads({ ...facts, threadPoolSize: '4' })).toMatchObject({
      level: 'warn',
      fix: 'unset UV_THREADPOOL_SIZE',
    })
    expect(checkThreads({ ...facts, concurrency: 9 })).toMatchObject({
      level: 'warn',
      message: expect.stringContaining('embedding.concurrency is 9'),
    })
  })
})

async function missing(): Promise<string> {
  throw new Error("Cannot find module '@lancedb/lancedb-linux-x64-gnu'\nRequire stack:\n- /somewhere")
}

describe('a native module', () => {
  const module: NativeModule = {
    name: 'lancedb',
    purpose: 'stores of type lancedb',
    needed: true,
    probe: async () => 'lancedb 1.0',
    fix: 'npm install lancedb',
  }

  test('that loads says which it is', async () => {
    expect(await checkNativeModules([module])).toEqual([{ name: 'lancedb', level: 'ok', message: 'lancedb 1.0' }])
  })

  test('that is missing is a failure with its command where it is needed, and none where it is not', async () => {
    const [needed, unneeded] = await checkNativeModules([
      { ...module, probe: missing },
      { ...module, probe: missing, needed: false },
    ])
    expect(needed).toEqual({
      name: 'lancedb',
      level: 'fail',
      message: "cannot be loaded: Cannot find module '@lancedb/lancedb-linux-x64-gnu'",
      fix: 'npm install lancedb',
    })
    expect(unneeded).toMatchObject({ level: 'ok', message: expect.stringContaining('stores of type lancedb') })
  })
})

async function openMissing(): Promise<never> {
  throw new QuernError('MODEL_NOT_FOUND', 'm has not been downloaded', { hint: 'Fetch it: indexer models pull m' })
}

describe('the model', () => {
  test('that embeds a text is in order, and its space is known', async () => {
    const { check, space } = await checkModel(async () => createFakeEmbedder({ maxTokens: 1000 }), signal)
    expect(check).toMatchObject({ level: 'ok', message: expect.stringContaining(embedder.space.model) })
    expect(space).toEqual(embedder.space)
  })

  test('that is not there is a failure with the command that fetches it', async () => {
    expect(await checkModel(openMissing, signal)).toEqual({
      check: {
        name: 'model',
        level: 'fail',
        message: 'm has not been downloaded',
        fix: 'Fetch it: indexer models pull m',
      },
      space: undefined,
    })
  })
})

describe('the store', () => {
  test('is in order, not there yet, of another model, or damaged', async () => {
    await using folder = await temporaryFolder()
    const place = join(folder.path, 'store')
    const checked = (space = embedder.space): ReturnType<typeof checkStore> =>
      checkStore({ open: () => openJsonStore({ path: place, mode: 'read' }), place, space, programName: 'indexer' })
    expect(await checked()).toMatchObject({ level: 'ok', message: expect.stringContaining('none yet') })
    await writeStore(place, 2)
    expect(await checked()).toMatchObject({ level: 'ok', message: expect.stringContaining('2 sources, 4 chunks') })
    const other = { ...embedder.space, model: 'other', fingerprint: 'f'.repeat(64) }
    expect(await checked(other)).toMatchObject({ level: 'fail', message: expect.stringContaining('other') })
    for (const name of await readdir(place)) if (name.endsWith('.json')) await writeFile(join(place, name), '{"for')
    expect(await checked()).toMatchObject({ level: 'fail', fix: 'indexer verify --repair' })
  })
})

describe('the lock', () => {
  test('is free, or held, and then says by whom', async () => {
    await using folder = await temporaryFolder()
    expect((await checkLock(folder.path, 'indexer')).level).toBe('ok')
    await using _ = await acquireWriterLock(join(folder.path, 'LOCK'))
    expect(await checkLock(folder.path, 'indexer')).toMatchObject({
      level: 'warn',
      message: expect.stringContaining(`process ${process.pid} on ${hostname()}`),
      fix: expect.stringContaining('indexer run --wait'),
    })
  })

  test('of a process that was killed is stale, and the next run takes it over', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'LOCK')
    const script = `import { acquireWriterLock } from '@quern/core/files'
      await acquireWriterLock(${JSON.stringify(path)}); process.kill(process.pid, 'SIGKILL')`
    await runNode(['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      env: { PATH: process.env['PATH'] },
    })
    expect(await checkLock(folder.path, 'indexer')).toMatchObject({
      level: 'warn',
      message: expect.stringMatching(/^left behind by process \d+ on .* which is gone/),
      fix: expect.stringContaining('indexer run takes it over'),
    })
  })

  test('that cannot be understood names the file to remove', async () => {
    await using folder = await temporaryFolder()
    await writeFile(join(folder.path, 'LOCK'), '')
    const { level, fix } = await checkLock(folder.path, 'indexer')
    expect([level, fix]).toEqual(['warn', expect.stringContaining(join(folder.path, 'LOCK'))])
  })
})

async function freeBytes(): Promise<number> {
  return 5e9
}

describe('a disk', () => {
  test('is measured in the nearest folder that is there, and nothing is left behind', async () => {
    await using folder = await temporaryFolder()
    const check = await checkDisk({ name: 'disk', folder: join(folder.path, 'not', 'there'), freeBytes })
    expect(check.message).toMatch(new RegExp(`^${folder.path}: 5 GB free, \\d+ ms? for a durable write`))
    expect(await readdir(folder.path)).toEqual([])
  })

  test('that answers slowly, or is nearly full, is a warning; a full one a failure', async () => {
    await using folder = await temporaryFolder()
    let time = 0
    const slow = { ...diskOperations }
    const now = (): number => (time += 80)
    const disk = { name: 'disk', folder: folder.path, operations: slow, freeBytes }
    expect(await checkDisk({ ...disk, now })).toMatchObject({ level: 'warn', message: expect.stringContaining('slow') })
    const quick = { ...disk, now: () => 0 }
    expect(await checkDisk({ ...quick, freeBytes: async () => 4e8 })).toMatchObject({ level: 'warn' })
    expect(await checkDisk({ ...quick, freeBytes: async () => 1e6 })).toMatchObject({ level: 'fail' })
    expect(await checkDisk(quick)).toMatchObject({ level: 'ok' })
  })

  test('that is read-only is a failure that says what to do', async () => {
    await using folder = await temporaryFolder()
    const readOnly = {
      ...diskOperations,
      createFile: async (path: string): Promise<never> => {
        throw Object.assign(new Error(`EROFS: read-only file system, open '${path}'`), { code: 'EROFS' })
      },
    }
    const check = await checkDisk({ name: 'disk', folder: folder.path, operations: readOnly, freeBytes })
    expect(check).toMatchObject({
      level: 'fail',
      message: expect.stringContaining('EROFS'),
      fix: expect.stringContaining('--store-path'),
    })
  })
})
