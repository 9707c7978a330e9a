import { concurrencyFaults } from './concurrency-faults.ts'
import { contentFaults } from './content-faults.ts'
import { hostileFaults } from './hostile-faults.ts'
import { hybridFaults } from './hybrid-faults.ts'
import { keywordFaults } from './keyword-faults.ts'
import { lifecycleFaults } from './lifecycle-faults.ts'
import { orderFaults } from './order-faults.ts'
import { refusalFaults } from './refusal-faults.ts'
import { roundTripFaults } from './round-trip-faults.ts'
import { scaleFaults } from './scale-faults.ts'
import { searchFaults } from './search-faults.ts'
import { sharingFaults } from './sharing-faults.ts'
import type { StoreFault } from './store-fault.ts'
import { verifyFaults } from './verify-faults.ts'

/** Stores that keep all of the contract but for one thing. */
export const storeFaults: readonly StoreFault[] = [
  ...contentFaults,
  ...roundTripFaults,
  ...orderFaults,
  ...searchFaults,
  ...keywordFaults,
  ...hybridFaults,
  ...refusalFaults,
  ...hostileFaults,
  ...scaleFaults,
  ...sharingFaults,
  ...concurrencyFaults,
  ...verifyFaults,
  ...lifecycleFaults,
]
