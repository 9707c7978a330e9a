import { describe, expect, test } from 'vitest'
import type { StoreStatus } from '../../src/report/status-listing.ts'
import { statusLines } from '../../src/report/status-listing.ts'
import type { LastRun } from '../../src/stages/last-run.ts'

const moment = '2026-11-30T08:00:00.000Z'
const lastRun: LastRun = {
  format: 'quern-last-run',
  version: 1,
  store: '/store',
  startedAt: moment,
  finishedAt: moment,
  exitCode: 0,
  sources: { new: 0, changed: 0, moved: 0, deleted: 0, unchanged: 2, failed: 0 },
  chunks: { embedded: 0, reused: 0, written: 0, deleted: 0 },
  tokens: 0,
  durationMs: 1500,
  failures: [],
  failuresLeftOut: 0,
  roots: [],
  selection: { sources: [], ignoreFiles: true },
}

/** The line on the last run. */
function lastRunLine(run: Partial<LastRun>): string | undefined {
  const space = { model: 'm', dimensions: 3, fingerprint: 'a'.repeat(64) }
  const status: StoreStatus = {
    stats: {
      type: 'json',
      location: '/store',
      sources: 2,
      chunks: 2,
      bytes: 10,
      createdAt: moment,
      updatedAt: moment,
    },
    space,
    lastRun: { ...lastRun, ...run },
    comparison: { type: 'unknown', reason: 'none' },
    vectorCache: { enabled: false, bytes: 0, path: '/cache' },
    unfinished: [],
  }
  return statusLines(status, 'indexer').find((line) => line.startsWith('last run'))
}

describe('the last run', () => {
  test('had nothing to do', () => {
    expect(lastRunLine({})).toBe(`last run     ${moment}: nothing to do · 0 chunks embedded · 1.5 s`)
  })

  test('was interrupted before a source was finished', () => {
    expect(lastRunLine({ exitCode: 130 })).toBe(
      `last run     ${moment}: no source finished · 0 chunks embedded · 1.5 s · interrupted (exit code 130)`,
    )
  })

  test('was interrupted after some', () => {
    expect(lastRunLine({ exitCode: 130, sources: { ...lastRun.sources, new: 1 } })).toContain(': 1 new · ')
  })

  test('failed', () => {
    expect(lastRunLine({ exitCode: 10 })).toContain(': no source finished · 0 chunks embedded · 1.5 s · exit code 10')
  })
})
