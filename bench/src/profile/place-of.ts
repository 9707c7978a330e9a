/** Where a function stands, as V8 tells it. */
export interface CallFrame {
  readonly functionName: string
  readonly url: string
  /** From 0. */
  readonly lineNumber: number
}

/** What V8 does beside running functions, by the name that it gives that. */
const byName = new Map([
  ['(garbage collector)', 'collecting garbage'],
  ['(program)', 'outside of JavaScript'],
  ['(idle)', 'waiting'],
])

/** Whether a frame is none of a function, but what V8 does beside. */
export function isSpecial({ functionName, url }: CallFrame): boolean {
  return url === '' && byName.has(functionName)
}

/** The part of the program that a function belongs to: a package of this repository, a package that was installed, the bench, or Node. */
export function partOf(frame: CallFrame): string {
  const { functionName, url } = frame
  if (isSpecial(frame)) return byName.get(functionName) ?? ''
  const installed = /\/node_modules\/(?:\.pnpm\/[^/]+\/node_modules\/)?((?:@[^/]+\/)?[^/]+)\/[^]*$/.exec(url)
  if (installed !== null) return installed[1] ?? ''
  const own = /\/packages\/([^/]+)\/(?:src|dist)\//.exec(url)
  if (own !== null) return own[1] ?? ''
  return url.includes('/bench/src/') ? 'the bench itself' : 'Node'
}

/** A function for people: its name, the last part of its path, and its line. */
export function describeFunction({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName === '' ? 'a function without a name' : functionName
  return url === '' ? name : `${name} (${url.slice(url.lastIndexOf('/') + 1)}:${lineNumber + 1})`
}
