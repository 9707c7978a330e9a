/** Stages of a run, the one that counts first when several are at work. */
export const stages = ['embed', 'store', 'split', 'load', 'list'] as const

type Stage = (typeof stages)[number]

/** Seconds of each stage; `other` is the time in which none was at work. Together they are all the time there was. */
export type StageSeconds = Readonly<Record<Stage | 'other', number>>

/**
 * Tells where the time of a run goes. Stages work side by side, so each moment counts once, for the first stage in the order of `stages` that
 * is at work: loading and splitting count only where the model waits for them.
 */
export interface StageClock {
  /** Runs an action as the work of a stage. */
  during<T>(stage: Stage, action: () => Promise<T>): Promise<T>
  /** The same for what an iteration waits for; with `whole`, from its first item to its end. */
  iterate<T>(stage: Stage, items: AsyncIterable<T>, whole?: boolean): AsyncGenerator<T, void, undefined>
  /** Seconds up to now. */
  read(): StageSeconds
}

/** Begins a clock; `now` gives milliseconds. */
export function createStageClock(now: () => number = () => performance.now()): StageClock {
  const working = new Map<Stage, number>()
  const milliseconds = new Map<Stage | 'other', number>()
  let since = now()

  const settle = (): void => {
    const stage = stages.find((name) => (working.get(name) ?? 0) > 0) ?? 'other'
    const at = now()
    milliseconds.set(stage, (milliseconds.get(stage) ?? 0) + at - since)
    since = at
  }
  const shift = (stage: Stage, by: 1 | -1): void => {
    settle()
    working.set(stage, (working.get(stage) ?? 0) + by)
  }
  const during = async <T>(stage: Stage, action: () => Promise<T>): Promise<T> => {
    shift(stage, 1)
    try {
      return await action()
    } finally {
      shift(stage, -1)
    }
  }

  return {
    during,
    async *iterate(stage, items, whole = false) {
      const iterator = items[Symbol.asyncIterator]()
      if (whole) shift(stage, 1)
      try {
        for (;;) {
          const next = whole ? await iterator.next() : await during(stage, () => iterator.next())
          if (next.done === true) return
          yield next.value
        }
      } finally {
        if (whole) shift(stage, -1)
        await iterator.return?.()
      }
    },
    read() {
      settle()
      const seconds = new Map([...milliseconds].map(([stage, value]) => [stage, value / 1000]))
      return {
        embed: seconds.get('embed') ?? 0,
        store: seconds.get('store') ?? 0,
        split: seconds.get('split') ?? 0,
        load: seconds.get('load') ?? 0,
        list: seconds.get('list') ?? 0,
        other: seconds.get('other') ?? 0,
      }
    },
  }
}
