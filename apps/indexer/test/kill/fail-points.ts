/** Told of a named moment of a run. `last` is what still happens at it if the process is to die there. */
export type PassPoint = (name: string, last?: () => void) => void

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

async function* passedIteration(items: AsyncIterable<unknown>, label: string, pass: PassPoint): AsyncGenerator {
  pass(`before ${label}`)
  yield* items
  pass(`after ${label}`)
}

/** Names of the points before and after a call. */
function labelOf(name: string, method: string, [first]: readonly unknown[]): string {
  if (method !== 'commit') return `${name}.${method}`
  // Which of its lists a commit has: they are different moments of a run.
  const lists = Object.entries(first as object).filter(([, list]) => (list as unknown[]).length > 0)
  return `${name}.${method} ${lists.map(([list]) => list).join(' and ')}`
}

/** The same object; calls of the given methods pass a point before, and one after they are done. */
export function watched<T extends object>(target: T, name: string, methods: readonly string[], pass: PassPoint): T {
  return new Proxy(target, {
    get(_, key) {
      const member: unknown = Reflect.get(target, key, target)
      if (typeof member !== 'function') return member
      const method = key === Symbol.asyncDispose ? 'close' : String(key)
      if (!methods.includes(method)) return member.bind(target) as unknown
      return (...arguments_: readonly unknown[]): unknown => {
        const label = labelOf(name, method, arguments_)
        const call = (): unknown => Reflect.apply(member, target, arguments_) as unknown
        if (['getChunks', 'list', 'listSources', 'split'].includes(method)) {
          return passedIteration(call() as AsyncIterable<unknown>, label, pass)
        }
        pass(`before ${label}`)
        const result = call()
        if (result instanceof Promise) return result.then((value: unknown) => (pass(`after ${label}`), value))
        return isIterable(result) ? passedIteration(result, label, pass) : result
      }
    },
  })
}
