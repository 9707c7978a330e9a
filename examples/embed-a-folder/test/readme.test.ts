import { join } from 'node:path'
import { corpusFolder, runExample } from '@quern/test-fixtures'
import { expect, test } from 'vitest'

test('the README shows the code that runs, and what it prints', async () => {
  const { shown, actual } = await runExample(join(import.meta.dirname, '..'), [[join(corpusFolder, 'compression')]])
  expect(actual).toEqual(shown)
})
