import { runVectorStoreCases, vectorStoreCases } from '@quern/core/testing'
import { expect, test } from 'vitest'
import { crashFaults } from './crash-faults.ts'
import { placeFaults } from './place-faults.ts'
import { sharedHarness } from './shared-place.ts'
import { onlyCase } from './only-case.ts'

test('a sound store with every trait passes every case, none is left out', async () => {
  const results = await runVectorStoreCases(sharedHarness('sound'))
  expect(results.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
  expect(results.map(({ name }) => name)).toEqual(vectorStoreCases.map(({ name }) => name))
})

test.each([...placeFaults, ...crashFaults])(
  'a store that $name is refused because it does not pass "$refusedBy"',
  async (fault) => {
    const results = await runVectorStoreCases(
      onlyCase(sharedHarness(fault.name, fault.faults), vectorStoreCases, fault.refusedBy),
    )
    expect(results.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)).toEqual([fault.refusedBy])
  },
)
