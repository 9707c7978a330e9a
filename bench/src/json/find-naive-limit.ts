import { constants } from 'node:buffer'
import { join } from 'node:path'
import { formatCount, formatHead, formatMegabytes, formatRow } from '../report.ts'
import { naive } from './json-work.ts'

interface Attempt {
  readonly file: string
  readonly chunks: number
  readonly indent: number
}

async function outcomeOf(attempt: Attempt): Promise<string> {
  try {
    const { result, peakBytes } = await naive('write', attempt)
    return `written: ${formatMegabytes(result.bytes)}, ${formatMegabytes(peakBytes)} of memory`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Shows on both sides of it how many chunks one `JSON.stringify` can hold, and prints a table. */
export async function findNaiveLimit(folder: string): Promise<void> {
  const file = join(folder, 'naive.json')
  const sample = 1000
  console.log(formatHead(['chunks in one JSON file', 'indented', 'outcome']))
  for (const indent of [2, 0]) {
    const { result } = await naive('write', { file, chunks: sample, indent })
    const limit = (constants.MAX_STRING_LENGTH / result.bytes) * sample
    for (const share of [0.98, 1.02]) {
      const chunks = Math.round(limit * share)
      const outcome = await outcomeOf({ file, chunks, indent })
      console.log(formatRow([formatCount(chunks), indent === 0 ? 'no' : 'yes', outcome]))
    }
  }
  console.log('')
}
