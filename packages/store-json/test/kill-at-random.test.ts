import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { VectorStore } from '@quern/core'
import { isQuernError } from '@quern/core'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import type { JsonStoreOptions } from '../src/index.ts'
import { openJsonStore } from '../src/index.ts'
import { roundsOf } from './effort.ts'
import { runChild } from './run-child.ts'
import { collect, sourceOf } from './sample-store.ts'

const rounds = roundsOf(5, 50)

/** Waits until a process has the store open. */
async function untilLocked(path: string): Promise<void> {
  while (!(await readdir(path).catch((): string[] => [])).includes('LOCK')) await delay(5)
}

/** Numbers of the sources that a run says were committed. */
function acknowledged(stdout: string): number[] {
  return stdout.split('\n').slice(0, -1).map(Number)
}

/** A reader; undefined where the writer was killed before there was a store. */
async function openExisting(path: string): Promise<VectorStore | undefined> {
  try {
    return await openJsonStore({ path, mode: 'read' })
  } catch (error) {
    if (isQuernError(error, 'STORE_NOT_FOUND')) return undefined
    throw error
  }
}

async function runUntilKilled(path: string, from: number, options: Partial<JsonStoreOptions>): Promise<number[]> {
  // The lock of the one before is still there.
  await rm(join(path, 'LOCK'), { force: true })
  const controller = new AbortController()
  const milliseconds = Math.random() * 350
  const run = runChild('child-run.ts', [path, String(from), JSON.stringify(options)], { signal: controller.signal })
  await untilLocked(path)
  await delay(milliseconds)
  controller.abort()
  const { signal, stdout, stderr } = await run
  expect([signal, stderr]).toEqual(['SIGKILL', ''])
  return acknowledged(stdout)
}

test.each<[string, Partial<JsonStoreOptions>]>([
  ['commits and compaction', { layout: 'segments' }],
  ['commits of compressed chunks and compaction', { layout: 'segments', compression: 'zstd' }],
  ['commits to a single file', { layout: 'single' }],
  ['growth', { layout: 'auto', singleFileChunks: 20 }],
])(
  'whenever a writer is killed in %s, all that was acknowledged is there, and nothing else',
  { timeout: 120_000 },
  async (_, options) => {
    await using folder = await temporaryFolder()
    let path = join(folder.path, 'store')
    let next = 0
    let total = 0
    // On a busy machine a writer may be killed before its first commit time and again: then there are more rounds.
    for (let round = 0; round < rounds || total <= rounds; round++) {
      // A store grows once, so growth needs new ones.
      if (options.layout === 'auto' && round % 2 === 0) {
        path = join(folder.path, String(round))
        next = 0
      }
      const numbers = await runUntilKilled(path, next, options)
      total += numbers.length
      const last = numbers.at(-1) ?? next - 1
      const reader = await openExisting(path)
      expect(reader !== undefined || last === -1, `${last} was acknowledged, and there is no store`).toBe(true)
      if (reader === undefined) continue
      const chunks = await collect(reader.getChunks())
      const stored = (await reader.stats()).sources === 0 ? -1 : (chunks.length - 3) / 2 - 1
      expect([last, last + 1]).toContain(stored)
      const expected = Array.from({ length: stored + 1 }, (__, n) =>
        sourceOf(`docs/${n}.md`, [`text of ${n}`, 'common text']),
      )
      const ids = [...expected, ...(stored < 0 ? [] : [sourceOf('docs/same.md', [`version ${stored}`, 'a', 'b'])])]
      expect(chunks.map(({ id }) => id).toSorted()).toEqual(
        ids.flatMap((source) => source.chunks.map(({ id }) => id)).toSorted(),
      )
      await reader.close()
      await using writer = await openJsonStore({ path, mode: 'write', ...options })
      expect(await collect(writer.verify())).toEqual([])
      next = stored + 1
    }
  },
)
