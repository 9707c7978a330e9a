import { expect, test } from 'vitest'
import { createWorkSharing } from '../src/share-equal-work.ts'

test('equal work is done once while it runs, again when it has ended, and other work beside it', async () => {
  const share = createWorkSharing<string>()
  const done: string[] = []
  const { promise: may, resolve: finish } = Promise.withResolvers<void>()
  const work = (key: string) =>
    share(key, async () => {
      await may
      done.push(key)
      return `${key} done`
    })
  const shared = ['a', 'b', 'a', 'a', 'b'].map(work)
  expect(shared.map(({ wasRunning }) => wasRunning)).toEqual([false, false, true, true, true])
  finish()
  expect(await Promise.all(shared.map(({ result }) => result))).toEqual(
    ['a', 'b', 'a', 'a', 'b'].map((key) => `${key} done`),
  )
  expect(done).toEqual(['a', 'b'])
  expect(await work('a').result).toBe('a done')
  expect(done).toEqual(['a', 'b', 'a'])
})

test('work that fails fails for all who share it, and is tried again by the next', async () => {
  const share = createWorkSharing<string>()
  const failing = ['a', 'a'].map((key) =>
    share(key, async () => {
      throw new Error('failed')
    }),
  )
  for (const { result } of failing) await expect(result).rejects.toThrow('failed')
  expect(await share('a', async () => 'done').result).toBe('done')
})
