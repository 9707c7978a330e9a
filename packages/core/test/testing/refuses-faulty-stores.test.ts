import { runVectorStoreCases, vectorStoreCases } from '@quern/core/testing'
import { expect, test } from 'vitest'
import { changedMemoryHarness } from './changed-store.ts'
import { storeFaults } from './store-faults/all-faults.ts'
import { onlyCase } from './only-case.ts'

test('a store that only passes everything on is not refused', async () => {
  const results = await runVectorStoreCases(changedMemoryHarness('passes everything on'))
  expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
})

test.each(storeFaults)('a store that $name is refused because it does not pass "$refusedBy"', async (fault) => {
  const results = await runVectorStoreCases(
    onlyCase(changedMemoryHarness(fault.name, fault.change), vectorStoreCases, fault.refusedBy),
  )
  expect(results.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).toEqual([fault.refusedBy])
})
