import { join } from 'node:path'
import { corpusFolder, runExample, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'

test('the README shows the code that runs, and what it prints', async () => {
  await using temporary = await temporaryFolder()
  const query = 'How can I recover data from a damaged file?'
  const run = [join(corpusFolder, 'compression'), join(temporary.path, 'store'), query]
  const { shown, actual } = await runExample(join(import.meta.dirname, '..'), [run])
  expect(actual).toEqual(shown)
})
