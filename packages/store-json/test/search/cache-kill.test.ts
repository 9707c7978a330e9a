import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { openJsonStore } from '../../src/index.ts'
import { numbersApart } from '../effort.ts'
import { runChild } from '../run-child.ts'
import { answersOf, cachedSource, cachesOf, wideSpace } from './wide-store.ts'

test(
  'a writer that is killed at any step of writing caches leaves the store as it was',
  { timeout: 300_000 },
  async () => {
    await using folder = await temporaryFolder()
    const prepared = join(folder.path, 'prepared')
    {
      await using store = await openJsonStore({ path: prepared, mode: 'write', space: wideSpace, layout: 'segments' })
      await store.commit({ put: [cachedSource('b')] })
      await store.commit({ put: [cachedSource('c')] })
    }
    const answers: object[] = []
    let steps = 0
    for (const number of numbersApart(4)) {
      const path = join(folder.path, String(number))
      await cp(prepared, path, { recursive: true })
      const { signal } = await runChild('search/child-close.ts', [path, String(number)])
      await using reader = await openJsonStore({ path, mode: 'read' })
      answers.push(await answersOf(reader))
      await (await openJsonStore({ path, mode: 'write' })).close()
      expect([...(await cachesOf(path)).keys()].filter((name) => !name.endsWith('.vectors'))).toEqual([])
      await using again = await openJsonStore({ path, mode: 'read' })
      expect(await answersOf(again)).toEqual(answers[0])
      steps = number
      if (signal === null) break
    }
    expect(steps).toBeGreaterThan(5)
    for (const answer of answers) expect(answer).toEqual(answers[0])
  },
)
