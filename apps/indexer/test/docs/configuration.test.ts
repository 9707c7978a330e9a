import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { configSchema } from '../../src/config/config-schema.ts'
import { configurationPage } from './configuration-page.ts'

test('docs/configuration.md is what the schema says (after a change: vitest run -u)', async () => {
  await expect(configurationPage()).toMatchFileSnapshot('../../../../docs/configuration.md')
})

test('its example holds', () => {
  const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(configurationPage()) ?? []
  expect(configSchema.safeParse(parse(yaml))).toMatchObject({ success: true, data: { store: { type: 'json' } } })
})

test('every variable that the program reads is told of', async () => {
  const page = configurationPage()
  const source = await readFile(new URL('../../src/config/resolve-config.ts', import.meta.url), 'utf8')
  const variables = [...source.matchAll(/variable\('(\w+)'\)/g)].map(([, name = '']) => `QUERN_${name}`)
  expect(variables.length).toBeGreaterThan(4)
  for (const name of [...variables, 'QUERN_API_KEY', 'QUERN_MODELS', 'LANCEDB_API_KEY']) expect(page).toContain(name)
})
