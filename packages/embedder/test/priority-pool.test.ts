import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createPriorityPool } from '../src/priority-pool.ts'

function openTask(): { readonly run: () => Promise<void>; readonly finish: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { run: () => promise, finish: resolve }
}

test('urgent users go ahead of those who wait, each group in the order of coming', async () => {
  const pool = createPriorityPool(['only'])
  const served: string[] = []
  const { run, finish } = openTask()
  const first = pool.use(run, { urgent: false })
  const use = (name: string, urgent: boolean): Promise<void> => pool.use(async () => void served.push(name), { urgent })
  const all = [first, use('a', false), use('b', false), use('query 1', true), use('query 2', true)]
  await turn()
  finish()
  await Promise.all(all)
  expect(served).toEqual(['query 1', 'query 2', 'a', 'b'])
})

test('a thing serves one user at a time, and the next one after a failure too', async () => {
  const pool = createPriorityPool([1, 2])
  const inUse = new Set<number>()
  const uses = Array.from({ length: 30 }, (_, index) =>
    pool.use(
      async (thing) => {
        expect(inUse.has(thing)).toBe(false)
        inUse.add(thing)
        await turn()
        inUse.delete(thing)
        if (index % 5 === 0) throw new Error('failed')
      },
      { urgent: index % 3 === 0 },
    ),
  )
  const outcomes = await Promise.allSettled(uses)
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(6)
})

test('a user whose signal aborts while waiting is rejected with its reason and is not served', async () => {
  const pool = createPriorityPool(['only'])
  const { run, finish } = openTask()
  const first = pool.use(run, { urgent: false })
  const controller = new AbortController()
  let served = false
  const second = pool.use(async () => void (served = true), { urgent: false, signal: controller.signal })
  await turn()
  controller.abort('enough')
  await expect(second).rejects.toBe('enough')
  finish()
  await first
  expect(served).toBe(false)
  await expect(pool.use(async () => 'still open', { urgent: false })).resolves.toBe('still open')
})

test('closing refuses those who wait and those who come, and waits for those who are served', async () => {
  const pool = createPriorityPool(['only'])
  const { run, finish } = openTask()
  let done = false
  const first = pool.use(run, { urgent: false }).then(() => (done = true))
  const second = pool.use(run, { urgent: true })
  await turn()
  const closing = pool.close(() => new Error('closed'))
  await expect(second).rejects.toThrow('closed')
  await expect(pool.use(run, { urgent: false })).rejects.toThrow('closed')
  expect(done).toBe(false)
  finish()
  await closing
  await first
  expect(done).toBe(true)
})
