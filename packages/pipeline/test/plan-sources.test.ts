import type { Source, SourceState, SkipReason } from '@quern/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFault, planSources } from '../src/plan-sources.ts'
import type { ComparedSource, PlanInput } from '../src/index.ts'
import { propertyRuns } from './property-runs.ts'

const observedAt = '2026-02-01T00:00:00.500000000Z'
const long = '2026-01-01T00:00:00.123456789Z'
const unused = (): never => {
  throw new Error('the planner looks at no content')
}

function state(id: string, contentHash = `hash of ${id}`): SourceState {
  return { id, contentHash, size: 10, modifiedAt: long, observedAt, recipe: 'r', chunkCount: 1 }
}

function source(id: string, change: Partial<Source> = {}): Source {
  return { id, size: 10, modifiedAt: long, observedAt, recipe: 'r', hash: unused, load: unused, ...change }
}

function plan(compared: readonly ComparedSource[], stored: readonly SourceState[], more: Partial<PlanInput> = {}) {
  return planSources({
    compared,
    skipped: [],
    states: new Map(stored.map((one) => [one.id, one])),
    covers: (id) => id.startsWith('docs/'),
    deleteMissing: true,
    ...more,
  })
}

describe('each outcome of a source', () => {
  test('new, changed, touched, moved, copied, deleted, unchanged, failed and out of scope, in one plan', () => {
    const made = plan(
      [
        { source: source('docs/new.md'), comparison: 'new' },
        { source: source('docs/copy.md'), comparison: 'new', contentHash: 'hash of docs/same.md' },
        { source: source('docs/moved.md'), comparison: 'new', contentHash: 'hash of docs/old.md' },
        { source: source('docs/size.md', { size: 11 }), comparison: 'changed' },
        { source: source('docs/content.md'), comparison: 'doubtful', contentHash: 'other' },
        {
          source: source('docs/touched.md', { modifiedAt: '2026-01-03T00:00:00.000000001Z' }),
          comparison: 'doubtful',
          contentHash: 'hash of docs/touched.md',
        },
        { source: source('docs/same.md'), comparison: 'unchanged' },
      ],
      ['old', 'size', 'content', 'touched', 'same', 'gone', 'unreadable']
        .map((name) => state(`docs/${name}.md`))
        .concat(state('other/a.md')),
      { skipped: [{ id: 'docs/unreadable.md', reason: 'UNREADABLE', detail: 'EACCES' }] },
    )
    expect(made.new.map(({ id }) => id)).toEqual(['docs/new.md', 'docs/copy.md'])
    expect(made.moved.map(({ from, source: to }) => [from, to.id])).toEqual([['docs/old.md', 'docs/moved.md']])
    expect(made.changed.map(({ id }) => id)).toEqual(['docs/size.md', 'docs/content.md'])
    expect(made.touched.map(({ id }) => id)).toEqual(['docs/touched.md'])
    expect(made.unchanged).toEqual(['docs/same.md'])
    expect(made.deleted).toEqual(['docs/gone.md'])
    expect(made.failed.map(({ id }) => id)).toEqual(['docs/unreadable.md'])
    expect(made.covered).toBe(7)
  })

  test('a source in doubt that is as it was is written once, with a later observation, and then left alone', () => {
    const racy = { modifiedAt: '2026-02-01T00:00:00.490000000Z' }
    const stored = [{ ...state('docs/a.md'), ...racy }]
    const doubtful = { comparison: 'doubtful', contentHash: 'hash of docs/a.md' } as const
    expect(plan([{ source: source('docs/a.md', racy), ...doubtful }], stored).unchanged).toEqual(['docs/a.md'])
    const later = source('docs/a.md', { ...racy, observedAt: '2026-02-02T00:00:00.000000000Z' })
    expect(plan([{ source: later, ...doubtful }], stored).touched).toEqual([later])
  })

  test('each of several equal files that are gone is given to one new place only', () => {
    const stored = [state('docs/a.md', 'same'), state('docs/b.md', 'same')]
    const places = ['docs/x.md', 'docs/y.md', 'docs/z.md']
    const made = plan(
      places.map((id) => ({ source: source(id), comparison: 'new', contentHash: 'same' })),
      stored,
    )
    expect(made.moved.map(({ from }) => from)).toEqual(['docs/a.md', 'docs/b.md'])
    expect(made.new.map(({ id }) => id)).toEqual(['docs/z.md'])
    expect(made.deleted).toEqual([])
  })
})

const reasons: readonly SkipReason[] = [
  'IGNORED',
  'UNSUPPORTED',
  'TOO_LARGE',
  'BINARY',
  'UNREADABLE',
  'BROKEN_LINK',
  'SYMLINK',
  'SYMLINK_LOOP',
  'OUTSIDE_ROOT',
  'SPECIAL_FILE',
  'BAD_FILENAME',
  'DUPLICATE_ID',
  'BAD_RECORD',
]

describe('what was skipped protects what is stored in its place', () => {
  test.each(reasons)(
    '%s: the source itself, all below it, and the records of the file; nothing beside it',
    (reason) => {
      const stored = ['docs/a', 'docs/a/b.md', 'docs/a/deep/c.md', 'docs/a#7', 'docs/ab.md', 'docs/b.md'].map((id) =>
        state(id),
      )
      const made = plan([], stored, { skipped: [{ id: 'docs/a', reason, detail: '' }] })
      expect(made.deleted).toEqual(['docs/ab.md', 'docs/b.md'])
      expect(made.failed).toHaveLength(isFault(reason) ? 1 : 0)
    },
  )

  test('a root of which nothing can be seen keeps all of its sources', () => {
    const skipped = [{ id: 'docs', reason: 'UNREADABLE' as const, detail: 'EIO' }]
    expect(plan([], [state('docs/a.md'), state('docs/b/c.md')], { skipped }).deleted).toEqual([])
  })
})

/** A loader that lists one file alone. */
const coversOne = (id: string): boolean => id === 'docs/d.md'

describe('with deleteExcluded', () => {
  const stored = ['docs/a/b.md', 'docs/a/bad/c.md', 'docs/d.md', 'docs/e.md', 'other/f.md'].map((id) => state(id))
  const skipped = [
    { id: 'docs/a', reason: 'IGNORED' as const, detail: 'excluded by a' },
    { id: 'docs/a/bad', reason: 'UNREADABLE' as const, detail: 'EACCES' },
    { id: 'docs/d.md', reason: 'TOO_LARGE' as const, detail: '' },
    { id: 'docs/e.md', reason: 'IGNORED' as const, detail: 'matches no include glob' },
  ]

  test('what is left out by choice is deleted, and nothing that has a fault in its way or that no root covers', () => {
    expect(plan([], stored, { skipped, covers: coversOne }).deleted).toEqual([])
    const made = plan([], stored, { skipped, covers: coversOne, deleteExcluded: true })
    expect(made.deleted).toEqual(['docs/a/b.md', 'docs/e.md'])
    expect(made.covered).toBe(3)
  })

  test('not with deleteMissing: false', () => {
    expect(plan([], stored, { skipped, deleteExcluded: true, deleteMissing: false }).deleted).toEqual([])
  })
})

test('equal input gives an equal plan, each listed source has one outcome, and only what is covered and gone is deleted', () => {
  const id = fc.constantFrom(...Array.from({ length: 12 }, (_, i) => `${i % 4 === 3 ? 'other' : 'docs'}/${i}.md`))
  const compared = fc.uniqueArray(
    fc.record({
      id,
      comparison: fc.constantFrom('new' as const, 'changed' as const, 'unchanged' as const, 'doubtful' as const),
      contentHash: fc.constantFrom('a', 'b', 'c'),
    }),
    { selector: (one) => one.id },
  )
  const stored = fc.uniqueArray(fc.record({ id, contentHash: fc.constantFrom('a', 'b', 'c') }), {
    selector: (one) => one.id,
  })
  const property = fc.property(compared, stored, fc.uniqueArray(id, { maxLength: 3 }), (listed, known, skips) => {
    const states = known.map((one) => state(one.id, one.contentHash))
    const storedIds = new Set(known.map((one) => one.id))
    // As the comparison gives it: a source that is not stored is new, and no other.
    const entries = listed
      .filter((one) => one.id.startsWith('docs/') && !skips.includes(one.id))
      .map((one): ComparedSource => {
        const comparison = !storedIds.has(one.id) ? 'new' : one.comparison === 'new' ? 'changed' : one.comparison
        return { source: source(one.id), comparison, contentHash: one.contentHash }
      })
    const skipped = skips.map((one) => ({ id: one, reason: 'UNREADABLE' as const, detail: '' }))
    const made = plan(entries, states, { skipped })
    expect(plan(entries, states, { skipped })).toEqual(made)
    const { new: fresh, changed, moved, touched, unchanged, deleted } = made
    const outcomes = [
      ...[...fresh, ...changed, ...touched].map((one) => one.id),
      ...unchanged,
      ...moved.map((one) => one.source.id),
    ]
    expect(outcomes.toSorted()).toEqual(entries.map((one) => one.source.id).toSorted())
    const retired = [...deleted, ...moved.map(({ from }) => from)]
    expect(new Set(retired).size).toBe(retired.length)
    for (const gone of retired) {
      expect(gone.startsWith('docs/') && storedIds.has(gone)).toBe(true)
      expect(entries.some((one) => one.source.id === gone) || skips.includes(gone)).toBe(false)
    }
  })
  fc.assert(property, propertyRuns(500))
})
