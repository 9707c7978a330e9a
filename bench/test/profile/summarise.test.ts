import { describe, expect, test } from 'vitest'
import { describeFunction, partOf } from '../../src/profile/place-of.ts'
import { summariseCpu, summariseHeap } from '../../src/profile/summarise.ts'

const chunker = { functionName: 'cut', url: 'file:///q/packages/chunker/src/packing/cut.ts', lineNumber: 9 }
const splitters = {
  functionName: '',
  url: 'file:///q/node_modules/.pnpm/@langchain+textsplitters@1/node_modules/@langchain/textsplitters/dist/a.js',
  lineNumber: 0,
}
const collector = { functionName: '(garbage collector)', url: '', lineNumber: -1 }
const node = { functionName: 'stat', url: 'node:fs', lineNumber: 1 }
const rest = { scriptId: '1', columnNumber: 0 }

describe('the part of the program that a function belongs to', () => {
  test('is its package, that of the repository or one that was installed', () => {
    expect(partOf(chunker)).toBe('chunker')
    expect(partOf(splitters)).toBe('@langchain/textsplitters')
  })

  test('is Node, or what V8 does by itself', () => {
    expect(partOf(node)).toBe('Node')
    expect(partOf(collector)).toBe('collecting garbage')
    expect(describeFunction(chunker)).toBe('cut (cut.ts:10)')
  })
})

test('the time of each sample counts for the function that ran', () => {
  const { total, parts, functions } = summariseCpu({
    nodes: [
      { id: 1, callFrame: { ...chunker, ...rest } },
      { id: 2, callFrame: { ...collector, ...rest } },
    ],
    startTime: 0,
    endTime: 10,
    samples: [1, 2, 1],
    timeDeltas: [1_000_000, 500_000, 2_000_000],
  })
  expect(total).toBe(3.5)
  expect(parts).toEqual([
    { name: 'chunker', amount: 3 },
    { name: 'collecting garbage', amount: 0.5 },
  ])
  expect(functions).toEqual([{ name: 'chunker: cut (cut.ts:10)', amount: 3 }])
})

test('what is allocated is added up over the whole tree', () => {
  const leaf = { callFrame: { ...chunker, ...rest }, selfSize: 5, id: 2, children: [] }
  const head = { callFrame: { ...node, ...rest }, selfSize: 1, id: 1, children: [leaf, { ...leaf, id: 3 }] }
  const { total, parts } = summariseHeap({ head })
  expect(total).toBe(11)
  expect(parts[0]).toEqual({ name: 'chunker', amount: 10 })
})
