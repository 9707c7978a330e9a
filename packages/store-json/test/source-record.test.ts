import { sha256 } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CheckedLineError, encodeCheckedLine } from '../src/format/checked-line.ts'
import { decodeSoundRecord, decodeSourceRecord, encodeSourceRecord, putRecord } from '../src/format/source-record.ts'
import type { ReadRecord } from '../src/format/source-record.ts'

const hash = fc.nat().map((number) => sha256(String(number)))
/** Ids that look like the part of the line in which the hashes stand, too. */
const id = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"textHashes":["', ',"textHashes":["x"]', '\\","'))
const range = fc.record({
  file: fc.constant('chunks/00000002.jsonl'),
  offset: fc.nat(),
  bytes: fc.nat(),
  sha256: hash,
})

function stateOf(name: string, chunkCount: number) {
  const moment = '2026-11-23T08:15:30.000000000Z'
  const contentHash = sha256(name)
  return { id: name, contentHash, size: 1, modifiedAt: moment, observedAt: moment, recipe: name, chunkCount }
}

function withoutLineFeed(line: Buffer): Buffer {
  return line.subarray(0, -1)
}

/** A record with its hashes as an array. */
function listed(record: ReadRecord): object {
  return 'put' in record ? { ...record, textHashes: [...record.textHashes] } : record
}

test.each([
  ['hashes as this program writes them', fc.array(hash, { maxLength: 4 })],
  ['other strings', fc.array(fc.string({ maxLength: 70 }), { maxLength: 4 })],
] as const)('the line of a sound file is read as any other line is, with %s', (_, hashes) => {
  fc.assert(
    fc.property(id, hashes, range, (name, textHashes, place) => {
      const line = withoutLineFeed(encodeSourceRecord(putRecord(stateOf(name, textHashes.length), textHashes, place)))
      const read = decodeSoundRecord(line)
      expect(listed(read)).toEqual(listed(decodeSourceRecord(line)))
      if (!('put' in read)) throw new TypeError('it was to be a put')
      expect(Array.from({ length: textHashes.length + 1 }, (__, i) => read.textHashes.at(i))).toEqual([
        ...textHashes,
        undefined,
      ])
    }),
  )
})

test('a record whose hashes are more or fewer than the state says is refused, in a sound file, too', () => {
  for (const count of [1, 3]) {
    const place = { file: 'chunks/00000002.jsonl', offset: 0, bytes: 1, sha256: sha256('') }
    const record = putRecord(stateOf('a', count), [sha256('1'), sha256('2')], place)
    const line = withoutLineFeed(encodeCheckedLine(record))
    expect(() => decodeSoundRecord(line)).toThrow(CheckedLineError)
    expect(() => decodeSourceRecord(line)).toThrow(CheckedLineError)
  }
})

test('a record with its members in another order, and another member, is read as any other is', () => {
  const chunks = { file: 'chunks/00000002.jsonl', offset: 0, bytes: 1, sha256: sha256('') }
  const record = { put: stateOf('a', 1), textHashes: [sha256('1')], chunks }
  for (let length = 0; length < 67; length++) {
    const line = withoutLineFeed(encodeCheckedLine({ ...record, other: 'x'.repeat(length) }))
    expect(listed(decodeSoundRecord(line))).toEqual(record)
  }
})
