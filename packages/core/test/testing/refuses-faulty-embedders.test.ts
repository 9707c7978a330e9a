import { createFakeEmbedder, embedderCases, runEmbedderCases } from '@quern/core/testing'
import type { EmbedderHarness } from '@quern/core/testing'
import { expect, test } from 'vitest'
import { changedEmbedder, embedderFaults } from './embedder-faults.ts'
import type { EmbedderFault } from './embedder-faults.ts'
import { onlyCase } from './only-case.ts'

function changedHarness(name: string, change: EmbedderFault['change']): EmbedderHarness {
  return {
    name,
    traits: { tokenCounts: true },
    lookAhead: 1,
    tokenCounts: [{ text: 'two words', tokens: 4 }],
    open: async () => changedEmbedder(createFakeEmbedder(), change),
  }
}

test('an embedder that only passes everything on is not refused', async () => {
  const results = await runEmbedderCases(changedHarness('passes everything on', () => ({})))
  expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
})

test.each(embedderFaults)('an embedder that $name is refused because it does not pass "$refusedBy"', async (fault) => {
  const results = await runEmbedderCases(
    onlyCase(changedHarness(fault.name, fault.change), embedderCases, fault.refusedBy),
  )
  expect(results.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).toEqual([fault.refusedBy])
})
