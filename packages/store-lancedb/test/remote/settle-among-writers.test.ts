import { describe, expect, test } from 'vitest'
import { settleAmongWriters } from '../../src/remote/settle-among-writers.ts'

/** What LanceDB 0.31 says to a writer that came second. */
const lostRaces = [
  'lance error: Retryable commit conflict for version 3: This CreateIndex transaction was preempted by concurrent transaction CreateIndex at version 3. Please retry.',
  'lance error: Incompatible transaction: This UpdateConfig transaction is incompatible with concurrent transaction UpdateConfig at version 2.',
  'lance error: Invalid user input: the unenforced primary key is a reserved key and cannot be changed once set',
  'an unenforced primary key is already set on this table; changing it is not supported',
  "Table 'chunks' already exists",
]

const unreachable = (): Promise<never> => Promise.reject(new Error('not reached'))

describe('a step that several writers come to at once', () => {
  test.for(lostRaces)('is taken again after: %s', async (message) => {
    let calls = 0
    const step = async (): Promise<string> => {
      if (++calls === 1) throw new Error(message)
      return 'done'
    }
    expect(await settleAmongWriters(step, {})).toBe('done')
    expect(calls).toBe(2)
  })

  test('fails at once with any other error', async () => {
    let calls = 0
    const step = async (): Promise<never> => {
      calls++
      throw new Error('403 Forbidden')
    }
    await expect(settleAmongWriters(step, {})).rejects.toThrow('403 Forbidden')
    expect(calls).toBe(1)
  })

  test('is not taken when the signal is aborted', async () => {
    const reason = new Error('enough')
    await expect(settleAmongWriters(unreachable, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
