/** How inputs are mapped. */
export interface MapOptions {
  /** Most inputs that are taken ahead of the results that the caller has taken. */
  readonly lookAhead: number
  readonly signal?: AbortSignal | undefined
}

type Arrival<T> =
  | { readonly kind: 'input'; readonly input: T }
  | { readonly kind: 'end' }
  | { readonly kind: 'failure'; readonly error: unknown }
  | { readonly kind: 'head' }

async function take<T>(iterator: AsyncIterator<T> | Iterator<T>): Promise<Arrival<T>> {
  try {
    const { done, value } = await iterator.next()
    return done === true ? { kind: 'end' } : { kind: 'input', input: value }
  } catch (error) {
    return { kind: 'failure', error }
  }
}

/** Inputs that are being taken, ahead of the results. */
interface Intake<T> {
  /** The next input or the end of them; or that `head` is settled or the signal has aborted, if that comes first. Never rejects. */
  next(head: Promise<unknown> | undefined): Promise<Arrival<T>>
  /** Lets go of the inputs. Waits for nothing that may never come. */
  close(): Promise<void>
}

function openIntake<T>(inputs: AsyncIterable<T> | Iterable<T>, signal: AbortSignal): Intake<T> {
  const iterator = Symbol.asyncIterator in inputs ? inputs[Symbol.asyncIterator]() : inputs[Symbol.iterator]()
  let pending: Promise<Arrival<T>> | undefined
  let ended = false
  return {
    async next(head) {
      pending ??= take(iterator)
      const { promise, resolve } = Promise.withResolvers<Arrival<T>>()
      const turn = (): void => resolve({ kind: 'head' })
      void pending.then(resolve)
      head?.then(turn, turn)
      signal.addEventListener('abort', turn)
      const arrival = await promise
      signal.removeEventListener('abort', turn)
      if (arrival.kind !== 'head') pending = undefined
      ended = arrival.kind === 'end' || arrival.kind === 'failure'
      return arrival
    },
    async close() {
      if (ended) return
      const closing = iterator.return?.()
      if (pending === undefined) await closing
      else void Promise.allSettled([closing])
    },
  }
}

/**
 * Maps inputs at the same time and yields the results in the order of the inputs. Inputs are taken only while the caller waits, and at
 * most `lookAhead` ahead; a slow input holds back no result that is there. When an input or a mapping fails or the signal aborts, the
 * results before it are yielded first, then the iteration rejects. Mappings that still run when the iteration ends get an aborted
 * signal.
 */
export async function* mapInOrder<T, R>(
  inputs: AsyncIterable<T> | Iterable<T>,
  map: (input: T, index: number, signal: AbortSignal) => Promise<R>,
  { lookAhead, signal }: MapOptions,
): AsyncGenerator<R, void, undefined> {
  signal?.throwIfAborted()
  const ended = new AbortController()
  const stop = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal])
  const intake = openIntake(inputs, stop)
  const window: Promise<R>[] = []
  let failure: { readonly error: unknown } | undefined
  let taking = true
  let count = 0
  try {
    for (;;) {
      taking &&= signal?.aborted !== true
      if (taking && window.length < lookAhead) {
        const arrival = await intake.next(window[0])
        if (arrival.kind === 'input') {
          const mapped = map(arrival.input, count++, stop)
          // What fails is thrown when its turn comes; nothing more is taken meanwhile.
          mapped.catch(() => (taking = false))
          window.push(mapped)
          continue
        }
        if (arrival.kind === 'failure') failure = arrival
        taking = arrival.kind === 'head' && taking
      }
      const head = window[0]
      if (head === undefined && !taking) break
      if (head === undefined) continue
      yield await head
      void window.shift()
    }
    signal?.throwIfAborted()
    if (failure !== undefined) throw failure.error
  } finally {
    ended.abort()
    await intake.close()
  }
}
