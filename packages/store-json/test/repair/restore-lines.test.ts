import { sha256 } from '@quern/core'
import { expect, test } from 'vitest'
import { encodeSourceRecord } from '../../src/format/source-record.ts'
import { restoreLines } from '../../src/repair/restore-lines.ts'
import { sampleOf } from '../effort.ts'
import { sourceOf } from '../sample-store.ts'

function itemOf(id: string, chunks: number): Buffer {
  const { state } = sourceOf(
    id,
    Array.from({ length: chunks }, (_, index) => `text ${index}`),
  )
  const textHashes = Array.from({ length: chunks }, (_, index) => sha256(`text ${index}`))
  const range = { file: 'embeddings.json', offset: 0, bytes: 9, sha256: sha256('range') }
  return encodeSourceRecord({ put: state, ...(chunks === 0 ? {} : { chunks: range }), textHashes }).subarray(0, -1)
}

const items = [itemOf('a', 0), itemOf('long', 20), itemOf('b “é”', 0)]
const before = '  "sources": [\n'
const after = '\n  ],\n'
const textOf = (list: readonly Buffer[]): string => list.map((item) => `    ${item.toString()}`).join(',\n')
const list = Buffer.from(`${before}${textOf(items)}${after}`)

test('the lines of a list that is sound are its items, and others are told apart', () => {
  expect(restoreLines(list)).toEqual({ sound: items, others: [Buffer.from(before), Buffer.from(after.slice(1))] })
})

test.each([0x01, 0x04, 0x2a, 0x80, 0xff])('a line with one changed byte is as it was (%i)', (difference) => {
  const long = items[1] as Buffer
  const start = list.lastIndexOf('\n', list.indexOf(long)) + 1
  const end = list.indexOf('\n', start)
  for (const at of sampleOf([...list.keys()], 64, 8)) {
    // Within a long line it is not tried.
    if (at >= start && at < end) continue
    const damaged = Buffer.from(list)
    damaged.writeUInt8(list.readUInt8(at) ^ difference, at)
    expect([at, restoreLines(damaged).sound]).toEqual([at, items])
  }
})

test('line feeds are put back, also beside a long line', () => {
  for (let at = list.indexOf('\n'); at < list.length - after.length; at = list.indexOf('\n', at + 1)) {
    for (const byte of ['J', ' ', '\r', '\0']) {
      const damaged = Buffer.from(list)
      damaged.write(byte, at)
      expect([at, byte, restoreLines(damaged).sound]).toEqual([at, byte, items])
    }
  }
})

test('two changed bytes cost their line and no other', () => {
  const damaged = Buffer.from(list)
  for (const part of ['"a"', '"check"']) damaged.write('_', list.indexOf(part) + 1)
  const { sound, others } = restoreLines(damaged)
  expect(sound).toEqual(items.slice(1))
  expect(others).toHaveLength(3)
})

test('of a list that is damaged all over, no more than some lines are tried', () => {
  const many = Array.from({ length: 200 }, (_, index) => itemOf(`source ${index}`, 0))
  const damaged = Buffer.from(textOf(many).replaceAll('"recipe":"', '"RECIPE":"'))
  const start = performance.now()
  expect(restoreLines(damaged)).toMatchObject({ sound: [], others: { length: many.length } })
  expect(performance.now() - start).toBeLessThan(20_000)
})
