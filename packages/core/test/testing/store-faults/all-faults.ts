import { contentFaults } from './content-faults.ts'
import { lifecycleFaults } from './lifecycle-faults.ts'
import { orderFaults } from './order-faults.ts'
import { refusalFaults } from './refusal-faults.ts'
import { roundTripFaults } from './round-trip-faults.ts'
import { searchFaults } from './search-faults.ts'
import { sharingFaults } from './sharing-faults.ts'
import type { StoreFault } from './store-fault.ts'

/** Stores that keep all of the contract but for one thing. */
export const storeFaults: readonly StoreFault[] = [
  ...contentFaults,
  ...roundTripFaults,
  ...orderFaults,
  ...searchFaults,
  ...refusalFaults,
  ...sharingFaults,
  ...lifecycleFaults,
]
