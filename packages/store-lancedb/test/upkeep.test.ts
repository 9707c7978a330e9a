import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { smallRuns } from './small-runs.ts'

test('small runs leave a store of bounded size and few fragments', async () => {
  await using folder = await temporaryFolder()
  const { after, mostFragments, fresh } = await smallRuns(folder.path, 50)
  expect(after.chunks).toBe(fresh.chunks)
  expect(mostFragments).toBeLessThanOrEqual(40)
  expect(after.bytes).toBeLessThanOrEqual(1.5 * fresh.bytes)
})
