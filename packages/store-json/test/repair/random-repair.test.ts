import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openJsonStore } from '../../src/index.ts'
import { openStore } from '../../src/open-store.ts'
import { roundsOf } from '../effort.ts'
import { sampleSources, sourceOf, space } from '../sample-store.ts'
import { hastyOperations } from '../watched-operations.ts'
import { holdingsAfterRepair, holdingsOf, repairHastily, withoutTouches } from './damaged-store.ts'
import type { Holdings } from './damaged-store.ts'

/** One commit: what is put in which version, what is deleted; or maintenance. */
type Step = { readonly put: readonly number[]; readonly delete: readonly number[] } | 'maintain'

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      put: fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 5 }),
      delete: fc.uniqueArray(fc.nat(11), { maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>('maintain') },
)

async function runHistory(path: string, steps: readonly Step[]): Promise<{ held: Holdings; deleted: Set<string> }> {
  const deleted = new Set<string>()
  const compressions = ['none', 'gzip', 'zstd'] as const
  for (const [round, current] of steps.entries()) {
    const compression = compressions[round % 3] ?? 'none'
    await using store = await openStore(
      { path, mode: 'write', space, layout: 'segments', compression },
      hastyOperations,
    )
    if (current === 'maintain') await store.maintain()
    else {
      const put = current.put.map((n) => sourceOf(`docs/${n}.md`, [`version ${round} of ${n}`, 'common']))
      const gone = current.delete.map((n) => `docs/${n}.md`).filter((id) => put.every(({ state }) => state.id !== id))
      await store.commit({ put, delete: gone })
      for (const id of gone) deleted.add(id)
      for (const { state } of put) deleted.delete(state.id)
    }
  }
  await using store = await openJsonStore({ path, mode: 'read' })
  return { held: await holdingsOf(store), deleted }
}

test('whatever the history, chunk files alone give the newest chunks of every source', async () => {
  await using folder = await temporaryFolder()
  let count = 0
  const scenario = async (steps: readonly Step[]): Promise<void> => {
    const path = join(folder.path, String(count++))
    const { held, deleted } = await runHistory(path, steps)
    await rm(join(path, 'manifest.json'))
    await rm(join(path, 'sources'), { recursive: true })
    fc.pre((await readdir(join(path, 'chunks'))).length > 0)
    const { holdings, report } = await holdingsAfterRepair(path)
    expect(report.lostSources).toEqual([])
    const left = [...withoutTouches(holdings)].filter(([id]) => !deleted.has(id))
    expect(new Map(left)).toEqual(withoutTouches(held))
  }
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), scenario), {
    numRuns: roundsOf(5, 200),
  })
})

test('whatever the history and whichever file is lost, no source is other than it was', async () => {
  await using folder = await temporaryFolder()
  let count = 0
  const scenario = async (steps: readonly Step[], choice: number, emptied: boolean): Promise<void> => {
    const path = join(folder.path, String(count++))
    const { held, deleted } = await runHistory(path, steps)
    const files = ['manifest.json']
    for (const kind of ['chunks', 'sources'])
      files.push(...(await readdir(join(path, kind))).map((name) => join(kind, name)))
    fc.pre(files.length > 1)
    const victim = join(path, files[choice % files.length] as string)
    await rm(victim)
    if (emptied) await writeFile(victim, '')
    const { holdings, report } = await holdingsAfterRepair(path)
    const left = [...withoutTouches(holdings)].filter(([id]) => !deleted.has(id))
    for (const [id, chunks] of left) expect(chunks).toEqual(held.get(id)?.chunks)
    const missing = [...held.keys()].filter((id) => !holdings.has(id))
    expect(report.lostSources).toEqual(expect.arrayContaining(missing))
    expect(await repairHastily(path)).toEqual({ actions: [], lostSources: [] })
  }
  const history = fc.array(step, { minLength: 1, maxLength: 14 })
  await fc.assert(fc.asyncProperty(history, fc.nat(1000), fc.boolean(), scenario), { numRuns: roundsOf(8, 300) })
})

test('a store goes on after its repair: what was lost is put again, and all is as before', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'store')
  {
    await using store = await openStore({ path, mode: 'write', space, layout: 'segments' }, hastyOperations)
    for (let i = 0; i < 3; i++) await store.commit({ put: sampleSources(3 * i, 3) })
  }
  await rm(join(path, 'chunks', '00000004.jsonl'))
  const { lostSources } = await repairHastily(path)
  expect(lostSources).toEqual(['docs/3.md', 'docs/4.md', 'docs/5.md'])
  await using store = await openStore({ path, mode: 'write' }, hastyOperations)
  await store.commit({ put: sampleSources(3, 3) })
  await store.maintain()
  const expected = new Map(sampleSources(0, 9).map(({ state, chunks }) => [state.id, { state, chunks }]))
  expect(await holdingsOf(store)).toEqual(expected)
})
