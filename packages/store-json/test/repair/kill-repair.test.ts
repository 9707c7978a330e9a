import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { repairFolder } from '../../src/repair/repair-json-store.ts'
import { sampleOfKinds } from '../effort.ts'
import { runChild } from '../run-child.ts'
import { watchedOperations } from '../watched-operations.ts'
import type { Holdings } from './damaged-store.ts'
import { createDamageable, holdingsAfterRepair } from './damaged-store.ts'

async function flip(path: string, at: number): Promise<void> {
  const data = await readFile(path)
  data[at] = (data[at] as number) ^ 1
  await writeFile(path, data)
}

/** Stores with damage that calls for every step of a repair. */
const damages = {
  'a lost manifest, a damaged chunk file and a lost source file': async (path: string) => {
    await createDamageable(path, 'segments')
    await writeFile(join(path, 'manifest.json'), '{"format"')
    await flip(join(path, 'chunks', '00000002.jsonl'), 900)
    await rm(join(path, 'sources', '00000003.jsonl'))
  },
  'a damaged single file': async (path: string) => {
    await createDamageable(path, 'a single file')
    await flip(join(path, 'embeddings.json'), 700)
    await flip(join(path, 'embeddings.json'), 9000)
  },
} as const

type Damage = keyof typeof damages

async function wholeRepair(path: string): Promise<{ changes: string[]; holdings: Holdings; lost: readonly string[] }> {
  const changes: string[] = []
  const report = await repairFolder(
    { path },
    watchedOperations(async (_, { name }) => {
      changes.push(name)
    }),
  )
  const { holdings } = await holdingsAfterRepair(path)
  return { changes, holdings, lost: report.lostSources }
}

test.each(Object.keys(damages) as Damage[])(
  'a repair of %s that is killed at any step can be begun again, and ends as one that was not',
  { timeout: 300_000 },
  async (damage) => {
    await using folder = await temporaryFolder()
    const damaged = join(folder.path, 'damaged-store')
    await damages[damage](damaged)
    const whole = join(folder.path, 'whole')
    await cp(damaged, whole, { recursive: true })
    const { changes, holdings, lost } = await wholeRepair(whole)
    expect(lost.length).toBeGreaterThan(0)
    expect(changes.length).toBeGreaterThan(8)
    for (const [number, name] of sampleOfKinds([...changes.entries()], ([, kind]) => kind, 9)) {
      const path = join(folder.path, String(number))
      await cp(damaged, path, { recursive: true })
      const how = name === 'write' ? 'half' : 'nothing'
      expect((await runChild('repair/child-repair.ts', [path, String(number), how])).signal).toBe('SIGKILL')
      const again = await holdingsAfterRepair(path)
      expect(again.holdings).toEqual(holdings)
      await rm(path, { recursive: true })
    }
  },
)

test('a repair whose writing fails says so and loses nothing: it can be begun again', async () => {
  await using folder = await temporaryFolder()
  const damaged = join(folder.path, 'damaged-store')
  const name = 'a lost manifest, a damaged chunk file and a lost source file'
  await damages[name](damaged)
  const whole = join(folder.path, 'whole')
  await cp(damaged, whole, { recursive: true })
  const { changes, holdings } = await wholeRepair(whole)
  for (const [failing] of sampleOfKinds([...changes.entries()], ([, kind]) => kind, 6)) {
    const path = join(folder.path, String(failing))
    await cp(damaged, path, { recursive: true })
    const operations = watchedOperations(async (current) => {
      if (current >= failing) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    })
    await expect(repairFolder({ path }, operations)).rejects.toMatchObject({ code: 'STORE_WRITE_FAILED' })
    expect((await holdingsAfterRepair(path)).holdings).toEqual(holdings)
  }
})
