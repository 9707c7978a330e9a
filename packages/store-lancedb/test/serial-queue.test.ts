import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSerialQueue } from '../src/serial-queue.ts'

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn()
}

interface Plan {
  /** Turns of the event loop that the preparation takes, then those before and after the release. */
  readonly turns: readonly [number, number, number]
  readonly fails: 'no' | 'in preparation' | 'before release' | 'after release'
}

const plan: fc.Arbitrary<Plan> = fc.record({
  turns: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
  fails: fc.constantFrom('no', 'no', 'in preparation', 'before release', 'after release'),
})

/** Gives a queue all tasks at once. Returns what happened in which order, and how each call settled. */
async function runAll(plans: readonly Plan[]): Promise<{ events: string[]; settled: string[] }> {
  const queue = createSerialQueue()
  const events: string[] = []
  const calls = plans.map(({ turns: [ahead, before, after], fails }, i) => {
    const failIf = (stage: Plan['fails']): void => {
      if (fails === stage) throw new Error(`${i} fails ${stage}`)
    }
    const prepare = async (): Promise<number> => {
      events.push(`prepare ${i}`)
      await turns(ahead)
      events.push(`prepared ${i}`)
      failIf('in preparation')
      return i
    }
    return queue.runPrepared(prepare, async (prepared, release) => {
      events.push(`begin ${i}`)
      const value = await prepared
      await turns(before)
      failIf('before release')
      events.push(`release ${i}`)
      release()
      await turns(after)
      failIf('after release')
      events.push(`end ${i}`)
      return value
    })
  })
  const settled = (await Promise.allSettled(calls)).map((call) =>
    call.status === 'fulfilled' ? `${call.value}` : String(call.reason),
  )
  await queue.idle()
  return { events, settled }
}

test('tasks run one after another, each is prepared after the release of the one before it, and each call settles as its own task', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(plan, { maxLength: 6 }), async (plans) => {
      const { events, settled } = await runAll(plans)
      expect(settled).toEqual(plans.map(({ fails }, i) => (fails === 'no' ? `${i}` : `Error: ${i} fails ${fails}`)))
      const order = (kind: string): string[] => events.filter((event) => event.startsWith(`${kind} `))
      for (const kind of ['prepare', 'begin']) expect(order(kind)).toEqual(plans.map((_, i) => `${kind} ${i}`))
      // What a failed task did not come to stands at -1.
      const at = (kind: string, i: number): number => events.indexOf(`${kind} ${i}`)
      for (let i = 1; i < plans.length; i++) {
        expect(at('prepare', i)).toBeGreaterThan(Math.max(at('prepared', i - 1), at('release', i - 1)))
        expect(at('begin', i)).toBeGreaterThan(at('end', i - 1))
      }
    }),
  )
})

test('a task is prepared while the one before it, which has released it, is still running', async () => {
  const { events } = await runAll(Array.from({ length: 3 }, () => ({ turns: [1, 1, 9], fails: 'no' }) as const))

  expect(events.indexOf('prepared 1')).toBeLessThan(events.indexOf('end 0'))
  expect(events.indexOf('prepare 2')).toBeGreaterThan(events.indexOf('end 0'))
})

test('a preparation that fails before its turn is told to nobody but the caller of its task, and only then', async () => {
  const queue = createSerialQueue()
  const first = Promise.withResolvers<string>()
  const settled: string[] = []
  const calls = [
    queue.runPrepared(
      async () => undefined,
      async (_, release) => {
        release()
        return first.promise
      },
    ),
    queue.runPrepared(
      () => Promise.reject(new Error('unfit')),
      async (prepared) => prepared,
    ),
    queue.run(async () => 'third'),
  ].map(async (call, i) => call.finally(() => settled.push(`${i}`)))
  const all = Promise.allSettled(calls)
  await turns(5)

  expect(settled).toEqual([])
  first.resolve('first')
  expect(await all).toMatchObject([
    { status: 'fulfilled', value: 'first' },
    { status: 'rejected', reason: { message: 'unfit' } },
    { status: 'fulfilled', value: 'third' },
  ])
  expect(settled).toEqual(['0', '1', '2'])
})
