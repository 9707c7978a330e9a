import { describe, expect, test } from 'vitest'
import { createStageClock } from '../../src/end-to-end/stage-clock.ts'

/** A clock of seconds that goes on by hand. */
function createHandClock() {
  let milliseconds = 0
  return { now: () => milliseconds, pass: (seconds: number) => (milliseconds += seconds * 1000) }
}

describe('the clock of the stages', () => {
  test('counts each moment once, for the first stage that is at work', async () => {
    const { now, pass } = createHandClock()
    const clock = createStageClock(now)
    pass(1)
    await clock.during('load', async () => {
      pass(2)
      await clock.during('embed', async () => pass(4))
      pass(8)
    })
    expect(clock.read()).toEqual({ embed: 4, store: 0, split: 0, load: 10, list: 0, other: 1 })
  })

  test('counts what an iteration waits for, and not what is done with its items', async () => {
    const { now, pass } = createHandClock()
    const clock = createStageClock(now)
    async function* items() {
      pass(1)
      yield 'first'
      pass(2)
    }
    for await (const _ of clock.iterate('split', items())) pass(16)
    expect(clock.read()).toMatchObject({ split: 3, other: 16 })
  })

  test('counts an iteration as a whole where that is asked for, also when it fails', async () => {
    const { now, pass } = createHandClock()
    const clock = createStageClock(now)
    async function* items() {
      pass(1)
      yield 'first'
      throw new Error('no more')
    }
    const consume = async () => {
      for await (const _ of clock.iterate('embed', items(), true)) pass(2)
    }
    await expect(consume()).rejects.toThrow('no more')
    pass(4)
    expect(clock.read()).toMatchObject({ embed: 3, other: 4 })
  })
})
