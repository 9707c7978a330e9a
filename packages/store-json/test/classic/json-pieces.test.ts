import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createJsonPieces } from '../../src/classic/json-pieces.ts'

interface Found {
  readonly members: readonly (readonly [string, unknown])[]
  readonly elements: readonly unknown[]
}

/** The pieces of a text that comes in blocks of these sizes, parsed. */
function piecesOf(text: Buffer, sizes: readonly number[]): Found {
  const pieces = createJsonPieces('list')
  const members: (readonly [string, unknown])[] = []
  const elements: unknown[] = []
  let at = 0
  for (let block = 0; at < text.length; block++) {
    const size = sizes[block % sizes.length] ?? 1
    for (const { key, offset, length } of pieces.feed(text.subarray(at, at + size))) {
      const value: unknown = JSON.parse(text.toString('utf8', offset, offset + length))
      if (key === 'list') elements.push(value)
      else members.push([key, value])
    }
    at += size
  }
  expect(pieces.ended).toBe(true)
  expect(pieces.hasList).toBe(true)
  return { members, elements }
}

const key = fc.string({ unit: 'grapheme' }).filter((name) => name !== 'list')
const members = fc.uniqueArray(fc.tuple(key, fc.jsonValue()), { selector: ([name]) => name, maxLength: 5 })

test('the pieces of any object are its values, however it is set and cut into blocks', () => {
  fc.assert(
    fc.property(
      members,
      members,
      fc.array(fc.jsonValue(), { maxLength: 6 }),
      fc.integer({ min: 0, max: 3 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
      (before, behind, list, indent, sizes) => {
        const later = behind.filter(([name]) => before.every(([other]) => other !== name))
        const parts = [...before, ['list', list] as const, ...later].map(
          ([name, value]) => `${JSON.stringify(name)} : ${JSON.stringify(value, undefined, indent)}`,
        )
        const text = `\uFEFF{${parts.join(' ,\n')} }\n`
        const found = piecesOf(Buffer.from(text), sizes)
        expect(found.elements).toEqual(JSON.parse(JSON.stringify(list)))
        expect(found.members).toEqual(JSON.parse(JSON.stringify([...before, ...later])))
      },
    ),
    { numRuns: 300 },
  )
})

test.each(['[]', '"a"', 'x', '{} {}', '{"a":1}]'])('%s is no object', (text) => {
  expect(() => createJsonPieces('list').feed(Buffer.from(text))).toThrow(SyntaxError)
})

test.each(['', '{', '{"list": [', '{"list": [{"a": "}"'])('%s has no end', (text) => {
  const pieces = createJsonPieces('list')
  pieces.feed(Buffer.from(text))
  expect(pieces.ended).toBe(false)
})

test.each(['{}', '{"list": {}}', '{"list": "[]"}', '{"other": []}'])('%s has no list', (text) => {
  const pieces = createJsonPieces('list')
  pieces.feed(Buffer.from(text))
  expect(pieces).toMatchObject({ ended: true, hasList: false })
})
