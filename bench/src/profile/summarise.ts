import type { HeapProfiler, Profiler } from 'node:inspector'
import { describeFunction, isSpecial, partOf } from './place-of.ts'
import type { CallFrame } from './place-of.ts'

/** How much of something each part of the program took, and each function; the greatest first. */
export interface Shares {
  readonly total: number
  readonly parts: readonly Share[]
  readonly functions: readonly Share[]
}

/** A part or a function, and how much it took itself, without what it called. */
export interface Share {
  readonly name: string
  readonly amount: number
}

function descending(amounts: ReadonlyMap<string, number>): Share[] {
  return [...amounts].map(([name, amount]) => ({ name, amount })).toSorted((a, b) => b.amount - a.amount)
}

/** Adds up what was taken in each frame. */
function share(taken: Iterable<readonly [CallFrame, number]>): Shares {
  const parts = new Map<string, number>()
  const functions = new Map<string, number>()
  let total = 0
  for (const [frame, amount] of taken) {
    const part = partOf(frame)
    const name = `${part}: ${describeFunction(frame)}`
    parts.set(part, (parts.get(part) ?? 0) + amount)
    if (!isSpecial(frame)) functions.set(name, (functions.get(name) ?? 0) + amount)
    total += amount
  }
  return { total, parts: descending(parts), functions: descending(functions) }
}

/** Seconds of the main thread in a profile of the processor. */
export function summariseCpu({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Shares {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  return share(samples.map((id, i) => [frames.get(id) as CallFrame, Math.max(0, timeDeltas[i] ?? 0) / 1e6] as const))
}

function* allocationsOf(node: HeapProfiler.SamplingHeapProfileNode): Generator<readonly [CallFrame, number]> {
  yield [node.callFrame, node.selfSize]
  for (const child of node.children) yield* allocationsOf(child)
}

/** Bytes in a sampled profile of the heap. */
export function summariseHeap({ head }: HeapProfiler.SamplingHeapProfile): Shares {
  return share(allocationsOf(head))
}
