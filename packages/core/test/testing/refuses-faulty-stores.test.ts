import { checkQuery } from '@quern/core'
import { runVectorStoreCases, vectorStoreCases } from '@quern/core/testing'
import { expect, test } from 'vitest'
import { changedMemoryHarness } from './changed-store.ts'
import { crashFaults } from './crash-faults.ts'
import { onlyCase, onlyCases } from './only-case.ts'
import { placeFaults } from './place-faults.ts'
import { storeFaults } from './store-faults/all-faults.ts'
import { sweepingFaults } from './store-faults/sweeping-faults.ts'

const names = vectorStoreCases.map(({ name }) => name).filter((name) => !name.endsWith(', after opening again'))

test('a store that only passes everything on is not refused', async () => {
  const results = await runVectorStoreCases(changedMemoryHarness('passes everything on'))
  expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
})

test('a store without words is not refused', async () => {
  const harness = changedMemoryHarness('searches by vector', (store) => ({
    searchModes: ['vector'],
    search(query) {
      checkQuery(query, store.space.dimensions, ['vector'])
      return store.search(query)
    },
  }))
  const results = await runVectorStoreCases({ ...harness, traits: { ...harness.traits, keywords: false } })
  expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
})

test.each(storeFaults)('a store that $name is refused because it does not pass "$refusedBy"', async (fault) => {
  const results = await runVectorStoreCases(
    onlyCase(changedMemoryHarness(fault.name, fault.change), vectorStoreCases, fault.refusedBy),
  )
  expect(results.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).toEqual([fault.refusedBy])
})

test.each(sweepingFaults)('a store that $name is refused by every case that "$refusedByAll…"', async (fault) => {
  const wanted = names.filter((name) => name.startsWith(fault.refusedByAll))
  const results = await runVectorStoreCases(
    onlyCases(changedMemoryHarness(fault.name, fault.change), vectorStoreCases, wanted),
  )
  expect(results.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).toEqual(wanted)
})

test('every case of the suite refuses a faulty store', () => {
  const refusing = new Set([...storeFaults, ...placeFaults, ...crashFaults].map(({ refusedBy }) => refusedBy))
  const sweeping = sweepingFaults.map(({ refusedByAll }) => refusedByAll)
  expect(names.filter((name) => !refusing.has(name) && !sweeping.some((start) => name.startsWith(start)))).toEqual([])
})
