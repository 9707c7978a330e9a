/**
 * The elements of groups one by one, as an async generator over them would yield them, for millions: that takes two and a half times as
 * long for each. `checkpoint` is called before each element and throws when the iteration is to end.
 */
export function oneByOne<T>(groups: AsyncGenerator<readonly T[]>, checkpoint: () => void): AsyncIterableIterator<T> {
  let group: readonly T[] = []
  let place = 0
  /** The last call of `next` that has to wait for a group, until it has got it. */
  let waiting: Promise<unknown> | undefined

  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    group = []
    await groups.return(undefined)
    return { done: true, value: undefined }
  }
  const fail = async (error: unknown): Promise<never> => {
    await end()
    throw error
  }
  const take = async (before: Promise<unknown> | undefined): Promise<IteratorResult<T, undefined>> => {
    await before?.catch(() => undefined)
    while (place >= group.length) {
      const { done, value } = await groups.next()
      if (done === true) return end()
      group = value
      place = 0
    }
    return give()
  }
  const wait = (): Promise<IteratorResult<T, undefined>> => {
    const taken = take(waiting)
    const settle = (): void => {
      if (waiting === taken) waiting = undefined
    }
    waiting = taken
    taken.then(settle, settle)
    return taken
  }
  const give = (): Promise<IteratorResult<T, undefined>> => {
    try {
      checkpoint()
    } catch (error) {
      return fail(error)
    }
    return Promise.resolve({ done: false, value: group[place++] as T })
  }
  const iterator: AsyncIterableIterator<T> = {
    next: () => (waiting === undefined && place < group.length ? give() : wait()),
    async return() {
      await waiting?.catch(() => undefined)
      return end()
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}
