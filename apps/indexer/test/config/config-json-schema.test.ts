import { expect, test } from 'vitest'
import { configJsonSchema } from '../../src/config/config-json-schema.ts'

test('is what indexer.config.schema.json publishes (after a change: vitest run -u)', async () => {
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`
  await expect(text).toMatchFileSnapshot('../../indexer.config.schema.json')
})
