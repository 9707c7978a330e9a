import type { StoreFault } from '@quern/core'
import { isQuernError } from '@quern/core'
import { isDamage, reasonOf } from '../lance-errors.ts'
import type { ChunkReading } from '../read/get-chunks.ts'
import type { StoreContext } from '../store-context.ts'
import { findDamagedIndexes } from './check-indexes.ts'
import type { Finding } from './survey-table.ts'
import { surveyTable } from './survey-table.ts'

/** The file that is the cause of an error, or the place of the store. */
async function placeOf({ translate, place }: StoreContext, thrown: unknown): Promise<string> {
  const error = await translate(thrown, 'read')
  const file = isQuernError(error) ? error.details['file'] : undefined
  return typeof file === 'string' ? file : place.location
}

async function faultOf(context: StoreContext, finding: Finding): Promise<StoreFault> {
  const { sources } = finding
  const place = `${context.place.location}/chunks`
  switch (finding.kind) {
    case 'fragment': {
      const message = `${finding.fragment.offsets.length} rows cannot be read: ${reasonOf(finding.cause)}`
      return { place: await placeOf(context, finding.cause), message, sources }
    }
    case 'chunks':
      return { place, message: 'chunks do not agree with their checksums', sources }
    case 'sources':
      return { place, message: 'sources have other chunks than their states say', sources }
  }
}

/** Reads all that a version of the store holds, and yields what is wrong. */
export async function* verifyStore(context: StoreContext, reading: ChunkReading): AsyncGenerator<StoreFault> {
  let readable = true
  try {
    for await (const finding of surveyTable(reading)) {
      if (finding.kind === 'fragment') readable = false
      yield await faultOf(context, finding)
    }
  } catch (error) {
    reading.checkpoint()
    if (!isDamage(error)) throw error
    readable = false
    yield { place: await placeOf(context, error), message: reasonOf(error), sources: [] }
  }
  // An index answers with rows of the table: where those cannot be read, nothing can be told of it.
  if (!readable) return
  for (const { column, cause } of await findDamagedIndexes(context.driver, reading.table)) {
    const message = `the index of ${column} cannot be read: ${reasonOf(cause)}`
    yield { place: await placeOf(context, cause), message, sources: [] }
  }
}
