import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { runNode, temporaryFolder } from '@quern/test-fixtures'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonStoreOptions } from '../src/index.ts'
import { openJsonStore } from '../src/index.ts'
import { collect, sourceOf } from './sample-store.ts'

const child = fileURLToPath(new URL('child-run.ts', import.meta.url))

const rounds = 10

/** Waits until a process has the store open. */
async function untilLocked(path: string): Promise<void> {
  while (!(await readdir(path).catch((): string[] => [])).includes('LOCK')) await delay(5)
}

/** Numbers of the sources that a run says were committed. */
function acknowledged(stdout: string): number[] {
  return stdout.split('\n').slice(0, -1).map(Number)
}

async function runUntilKilled(path: string, from: number, options: Partial<JsonStoreOptions>): Promise<number[]> {
  // The lock of the one before is still there.
  await rm(join(path, 'LOCK'), { force: true })
  const controller = new AbortController()
  const [milliseconds = 0] = fc.sample(fc.nat(350), 1)
  const run = runNode([child, path, String(from), JSON.stringify(options)], { signal: controller.signal })
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
    for (let round = 0; round < rounds; round++) {
      // A store grows once, so growth needs new ones.
      if (options.layout === 'auto' && round % 2 === 0) {
        path = join(folder.path, String(round))
        next = 0
      }
      const numbers = await runUntilKilled(path, next, options)
      total += numbers.length
      const last = numbers.at(-1) ?? next - 1
      const reader = await openJsonStore({ path, mode: 'read' }).catch(() => undefined)
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
    expect(total).toBeGreaterThan(rounds)
  },
)
