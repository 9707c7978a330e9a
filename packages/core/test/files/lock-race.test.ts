import { randomUUID } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startContender, startContenders } from './start-contender.ts'
import type { Contender } from './start-contender.ts'
import { temporaryFolder } from './temporary-folder.ts'

const rounds = 6
const contenderCount = 6
const timeout = 60_000

/** Tells all of them to take the lock at once. Returns the winner's place in the list. */
async function race(contenders: readonly Contender[], path: string): Promise<number> {
  const answers = await Promise.all(contenders.map((contender) => contender.tell({ do: 'take', path })))
  expect(answers.toSorted()).toEqual([...Array.from({ length: contenders.length - 1 }, () => 'STORE_BUSY'), 'taken'])
  return answers.indexOf('taken')
}

async function holderOf(path: string): Promise<{ pid: number; token: string }> {
  return JSON.parse(await readFile(path, 'utf8')) as { pid: number; token: string }
}

test(
  'of six processes that race for the lock of a killed process exactly one gets it, round after round',
  { timeout },
  async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'lock')
    await using contenders = await startContenders(contenderCount)
    for (let round = 0; round < rounds; round++) {
      const winner = await race(contenders, path)
      expect((await holderOf(path)).pid).toBe(contenders[winner]?.pid)
      await contenders[winner]?.kill()
      contenders[winner] = await startContender()
    }
    await race(contenders, path)
    expect(await readdir(folder.path)).toEqual(['lock'])
  },
)

test('exactly one of six gets it when processes were killed while they removed it', { timeout }, async () => {
  await using folder = await temporaryFolder()
  await using contenders = await startContenders(contenderCount)
  for (let round = 0; round < rounds; round++) {
    await mkdir(join(folder.path, String(round)))
    const path = join(folder.path, String(round), 'lock')
    await using killed = await startContender()
    await killed.tell({ do: 'take', path })
    await killed.kill()
    let { token } = await holderOf(path)
    for (let claims = 0; claims < round % 4; claims++) {
      const claim = `${path}.break-${token}`
      token = randomUUID()
      await copyFile(path, claim)
      await writeFile(claim, JSON.stringify({ ...(await holderOf(claim)), token }))
    }
    await race(contenders, path)
    expect(await readdir(join(folder.path, String(round)))).toEqual(['lock'])
  }
})

test('processes that wait for each other are never in at once', { timeout }, async () => {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'number')
  await writeFile(file, '0')
  await using contenders = await startContenders(4)
  const count = { do: 'count', path: join(folder.path, 'lock'), file, times: 10 } as const
  const answers = await Promise.all(contenders.map((contender) => contender.tell(count)))
  expect(answers).toEqual(['counted', 'counted', 'counted', 'counted'])
  expect(await readFile(file, 'utf8')).toBe('40')
  expect(await readdir(folder.path)).toEqual(['number'])
})
