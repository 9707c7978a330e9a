import { orAborted } from './or-aborted.ts'

async function take<T>(iterator: AsyncIterator<T> | Iterator<T>): Promise<IteratorResult<T>> {
  return iterator.next()
}

/**
 * The inputs, one at a time, each taken when it is asked for. When the signal aborts the iteration rejects with its reason, also while
 * an input is awaited that never comes. The inputs are closed when the iteration ends before they do.
 */
export async function* untilAborted<T>(
  inputs: AsyncIterable<T> | Iterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const iterator = Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]()
  let state: 'taking' | 'taken' | 'ended' = 'taken'
  try {
    for (;;) {
      signal.throwIfAborted()
      state = 'taking'
      const next = take(iterator)
      next.catch(() => (state = 'ended'))
      const { done, value } = await orAborted(next, signal)
      state = done === true ? 'ended' : 'taken'
      if (done === true) return
      yield value
    }
  } finally {
    // An input that never comes is not waited for.
    if (state === 'taking') void Promise.allSettled([iterator.return?.()])
    if (state === 'taken') await iterator.return?.()
  }
}
