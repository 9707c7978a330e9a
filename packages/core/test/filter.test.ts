import { matchesFilter } from '@quern/core'
import type { Filter, FilterValue } from '@quern/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const metadata = {
  title: 'Mühle',
  page: 7,
  draft: false,
  tags: ['grain', 'water', 3],
  empty: [],
  nothing: null,
  nulls: [null],
  nested: { page: 7 },
  emoji: '\u{1f33e}',
}

type Row = [Filter, boolean]

const rows: readonly Row[] = [
  [{ field: 'page', op: 'eq', value: 7 }, true],
  [{ field: 'page', op: 'eq', value: '7' }, false],
  [{ field: 'draft', op: 'eq', value: false }, true],
  [{ field: 'draft', op: 'eq', value: 0 }, false],
  [{ field: 'draft', op: 'eq', value: '' }, false],
  [{ field: 'tags', op: 'eq', value: 'water' }, true],
  [{ field: 'tags', op: 'eq', value: 3 }, true],
  [{ field: 'tags', op: 'eq', value: '3' }, false],
  [{ field: 'title', op: 'eq', value: 'Mu\u0308hle' }, false],
  [{ field: 'nested', op: 'eq', value: 7 }, false],
  [{ field: 'nested.page', op: 'eq', value: 7 }, false],
  [{ field: 'page', op: 'ne', value: 8 }, true],
  [{ field: 'page', op: 'ne', value: '7' }, true],
  [{ field: 'tags', op: 'ne', value: 'water' }, false],
  [{ field: 'absent', op: 'ne', value: 'water' }, true],
  [{ field: 'nothing', op: 'ne', value: 'water' }, true],
  [{ field: 'page', op: 'lt', value: 7 }, false],
  [{ field: 'page', op: 'lte', value: 7 }, true],
  [{ field: 'page', op: 'gt', value: 6.5 }, true],
  [{ field: 'page', op: 'gte', value: 8 }, false],
  [{ field: 'page', op: 'lt', value: '8' }, false],
  [{ field: 'page', op: 'gte', value: false }, false],
  [{ field: 'draft', op: 'gte', value: false }, false],
  [{ field: 'title', op: 'gt', value: 'Mz' }, true],
  [{ field: 'title', op: 'lt', value: 'a' }, true],
  [{ field: 'emoji', op: 'gt', value: '\uffff' }, true],
  [{ field: 'tags', op: 'gt', value: 'h' }, true],
  [{ field: 'tags', op: 'lt', value: 'a' }, false],
  [{ field: 'tags', op: 'lt', value: 4 }, true],
  [{ field: 'title', op: 'prefix', value: 'Mü' }, true],
  [{ field: 'title', op: 'prefix', value: '' }, true],
  [{ field: 'title', op: 'prefix', value: 'm' }, false],
  [{ field: 'page', op: 'prefix', value: '' }, false],
  [{ field: 'tags', op: 'prefix', value: 'wat' }, true],
  [{ field: 'absent', op: 'prefix', value: '' }, false],
  [{ field: 'page', op: 'in', value: [1, 7] }, true],
  [{ field: 'page', op: 'in', value: ['7'] }, false],
  [{ field: 'page', op: 'in', value: [] }, false],
  [{ field: 'tags', op: 'in', value: ['x', 'grain'] }, true],
  [{ field: 'nothing', op: 'in', value: ['x'] }, false],
  [{ field: 'page', op: 'exists', value: true }, true],
  [{ field: 'draft', op: 'exists', value: true }, true],
  [{ field: 'empty', op: 'exists', value: true }, true],
  [{ field: 'nothing', op: 'exists', value: true }, false],
  [{ field: 'nothing', op: 'exists', value: false }, true],
  [{ field: 'absent', op: 'exists', value: false }, true],
  [{ field: 'empty', op: 'eq', value: 'x' }, false],
  [{ field: 'empty', op: 'ne', value: 'x' }, true],
  [{ field: 'nulls', op: 'prefix', value: '' }, false],
  [{ field: 'constructor', op: 'exists', value: true }, false],
  [{ field: 'toString', op: 'ne', value: 'x' }, true],
  [{ and: [] }, true],
  [{ or: [] }, false],
  [{ not: { field: 'absent', op: 'eq', value: 1 } }, true],
]

test.each(rows)('%j holds: %s', (filter, expected) => {
  expect(matchesFilter(metadata, filter)).toBe(expected)
})

const value = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', '\u{1f33e}', '\uffff'),
  fc.integer({ min: -1, max: 2 }),
  fc.boolean(),
)
const field = fc.constantFrom('a', 'b', 'c')
const record = fc.dictionary(
  field,
  fc.oneof(value, fc.constant(null), fc.array(fc.oneof(value, fc.constant(null)), { maxLength: 3 })),
)
const comparison = fc.record({ field, op: fc.constantFrom('eq', 'ne', 'lt', 'lte', 'gt', 'gte'), value })
const leaf: fc.Arbitrary<Filter> = fc.oneof(
  comparison,
  fc.record({ field, op: fc.constant('prefix'), value: fc.constantFrom('', 'a', 'b') }),
  fc.record({ field, op: fc.constant('in'), value: fc.array(value, { maxLength: 3 }) }),
  fc.record({ field, op: fc.constant('exists'), value: fc.boolean() }),
)
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({ not: tie('filter') }),
    fc.record({ and: fc.array(tie('filter'), { maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('filter'), { maxLength: 3 }) }),
  ),
}))

function compare(op: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte', of: string, with_: FilterValue): Filter {
  return { field: of, op, value: with_ }
}

describe('for any metadata and filters', () => {
  test('not is the opposite, and a filter twice is the filter', () => {
    fc.assert(
      fc.property(record, filter, (data, part) => {
        const holds = matchesFilter(data, part)
        expect(matchesFilter(data, { not: part })).toBe(!holds)
        expect(matchesFilter(data, { and: [part, part] })).toBe(holds)
        expect(matchesFilter(data, { or: [part, part] })).toBe(holds)
      }),
    )
  })

  test('and, or and not follow the laws of De Morgan', () => {
    fc.assert(
      fc.property(record, fc.array(filter, { maxLength: 4 }), (data, parts) => {
        const negated = parts.map((part) => ({ not: part }))
        expect(matchesFilter(data, { not: { and: parts } })).toBe(matchesFilter(data, { or: negated }))
        expect(matchesFilter(data, { not: { or: parts } })).toBe(matchesFilter(data, { and: negated }))
      }),
    )
  })

  test('ne is the opposite of eq, and in is any eq', () => {
    fc.assert(
      fc.property(record, field, fc.array(value, { maxLength: 3 }), (data, of, values) => {
        const equals = values.map((one) => compare('eq', of, one))
        expect(matchesFilter(data, { field: of, op: 'in', value: values })).toBe(matchesFilter(data, { or: equals }))
        for (const one of values)
          expect(matchesFilter(data, compare('ne', of, one))).toBe(!matchesFilter(data, compare('eq', of, one)))
      }),
    )
  })

  test('lte is lt or eq, and gte is gt or eq, between values that have an order', () => {
    fc.assert(
      fc.property(
        record,
        field,
        fc.oneof(fc.integer({ min: -1, max: 2 }), fc.constantFrom('', 'a', 'b')),
        (data, of, one) => {
          for (const [strict, loose] of [
            ['lt', 'lte'],
            ['gt', 'gte'],
          ] as const) {
            const either = { or: [compare(strict, of, one), compare('eq', of, one)] }
            expect(matchesFilter(data, compare(loose, of, one))).toBe(matchesFilter(data, either))
          }
        },
      ),
    )
  })

  test('a comparison of an array is that of any of its elements', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 4 }), comparison, (elements, { op, value: one }) => {
        const part = compare(op === 'ne' ? 'eq' : op, 'a', one)
        const any = elements.some((element) => matchesFilter({ a: element }, part))
        expect(matchesFilter({ a: elements }, part)).toBe(any)
      }),
    )
  })
})
