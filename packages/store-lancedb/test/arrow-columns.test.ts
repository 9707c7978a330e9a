import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadDriver } from '../src/driver/lance-driver.ts'
import { float64Column, largeUtf8Column, utf8Column, vectorColumn } from '../src/format/arrow-columns.ts'

const { arrow } = await loadDriver()

const ascii = fc.string({ unit: 'binary-ascii', maxLength: 20 })
const anyText = fc.string({ unit: 'binary', maxLength: 20 })

/** Lists that are longer and shorter than what is encoded at once. */
function columnOf<T>(value: fc.Arbitrary<T>): fc.Arbitrary<(T | undefined)[]> {
  return fc.array(fc.option(value, { nil: undefined }), { maxLength: 200, size: 'max' })
}

test.each([
  ['ASCII', columnOf(ascii)],
  ['any Unicode', columnOf(anyText)],
  ['nothing but nulls and empty strings', columnOf(fc.constant(''))],
])('a column of strings gives them back: %s', (_, columns) => {
  fc.assert(
    fc.property(columns, (values) => {
      const expected = values.map((value) => value ?? null)
      for (const column of [utf8Column(arrow, values), largeUtf8Column(arrow, values)]) {
        expect([...arrow.makeVector(column as never)]).toEqual(expected)
        expect(column.nullCount).toBe(values.filter((value) => value === undefined).length)
      }
    }),
  )
})

test('a column of numbers gives them back bit for bit', () => {
  fc.assert(
    fc.property(columnOf(fc.double()), (values) => {
      expect([...arrow.makeVector(float64Column(arrow, values))]).toEqual(values.map((value) => value ?? null))
    }),
  )
})

test('a column of vectors gives them back, and holds zeros where there is none', () => {
  const dimensions = 3
  const vector = fc.float32Array({ minLength: dimensions, maxLength: dimensions })
  fc.assert(
    fc.property(columnOf(vector), (values) => {
      const column = vectorColumn(arrow, values, dimensions)
      const expected = values.map((value) => value ?? new Float32Array(dimensions))
      expect(column.children[0]?.values).toEqual(Float32Array.from(expected.flatMap((numbers) => Array.from(numbers))))
      expect(values.map((_, row) => column.getValid(row))).toEqual(values.map((value) => value !== undefined))
    }),
  )
})
