import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurnQueue } from '../src/turn-queue.ts'

function openTask(): { readonly run: () => Promise<void>; readonly finish: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { run: () => promise, finish: resolve }
}

test('urgent tasks go ahead of those that wait, each group in the order of coming', async () => {
  const queue = createTurnQueue()
  const served: string[] = []
  const { run, finish } = openTask()
  const first = queue.run(run, { urgent: false })
  const ask = (name: string, urgent: boolean): Promise<void> =>
    queue.run(async () => void served.push(name), { urgent })
  const all = [first, ask('a', false), ask('b', false), ask('query 1', true), ask('query 2', true)]
  await turn()
  finish()
  await Promise.all(all)
  expect(served).toEqual(['query 1', 'query 2', 'a', 'b'])
})

test('one task runs at a time, and the next one after a failure too', async () => {
  const queue = createTurnQueue()
  let running = 0
  const tasks = Array.from({ length: 30 }, (_, index) =>
    queue.run(
      async () => {
        expect(++running).toBe(1)
        await turn()
        running--
        if (index % 5 === 0) throw new Error('failed')
      },
      { urgent: index % 3 === 0 },
    ),
  )
  const outcomes = await Promise.allSettled(tasks)
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(6)
})

test('a task whose signal aborts while it waits is rejected with the reason and does not run', async () => {
  const queue = createTurnQueue()
  const { run, finish } = openTask()
  const first = queue.run(run, { urgent: false })
  const controller = new AbortController()
  let ran = false
  const second = queue.run(async () => void (ran = true), { urgent: false, signal: controller.signal })
  await turn()
  controller.abort('enough')
  await expect(second).rejects.toBe('enough')
  finish()
  await first
  expect(ran).toBe(false)
  await expect(queue.run(async () => 'still open', { urgent: false })).resolves.toBe('still open')
})

test('closing refuses those who wait and those who come, and waits for the task that runs', async () => {
  const queue = createTurnQueue()
  const { run, finish } = openTask()
  let done = false
  const first = queue.run(run, { urgent: false }).then(() => (done = true))
  const second = queue.run(run, { urgent: true })
  await turn()
  const closing = queue.close(() => new Error('closed'))
  await expect(second).rejects.toThrow('closed')
  await expect(queue.run(run, { urgent: false })).rejects.toThrow('closed')
  expect(done).toBe(false)
  finish()
  await closing
  await first
  expect(done).toBe(true)
})

test('no task begins after the queue is closed, in whichever microtask that is', async () => {
  for (let microtasks = 0; microtasks < 10; microtasks++) {
    const queue = createTurnQueue()
    const { run, finish } = openTask()
    const order: string[] = []
    const tasks = [
      queue.run(run, { urgent: false }),
      queue.run(async () => void order.push('second begins'), { urgent: false }),
    ]
    finish()
    for (let i = 0; i < microtasks; i++) await Promise.resolve()
    const closing = queue.close(() => new Error('closed'))
    order.push('closed')
    await Promise.allSettled([...tasks, closing])
    expect(order.at(-1)).toBe('closed')
  }
})
