import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load-config.ts'
import { renderConfig } from '../../src/init/render-config.ts'
import type { SuggestedConfig } from '../../src/init/suggest-config.ts'
import { runInProcess } from './run-in-process.ts'
import { writeDocs } from './stored-project.ts'

async function writeProject(cwd: string): Promise<void> {
  await writeDocs(cwd, 3)
  await mkdir(join(cwd, 'notes: mine', 'dist'), { recursive: true })
  await writeFile(join(cwd, 'notes: mine', 'plan.md'), '# Plan\n\nMills.\n')
  await writeFile(join(cwd, 'notes: mine', 'dist', 'made.md'), '# Made\n')
  await writeFile(join(cwd, 'notes: mine', 'photo.heic'), 'no text')
}

test.each(['yaml', 'json', 'ts'])(
  'init writes a configuration in %s that holds, and names the next command',
  async (format) => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    await writeProject(cwd)
    const result = await runInProcess(['init', '--format', format], { cwd })
    expect([result.exitCode, result.stderr]).toEqual([0, ''])
    expect(result.stdout).toContain('found    5 documents')
    expect(result.stdout).toContain('1 file of other formats')
    expect(result.stdout).toContain('indexer plan')
    const loaded = await loadConfig(cwd)
    expect(loaded?.value).toMatchObject({
      sources: ['docs', 'notes: mine'],
      exclude: ['**/dist/**'],
      model: 'starter',
      store: { type: 'json' },
    })
    const text = await readFile(join(cwd, `indexer.config.${format}`), 'utf8')
    const schema = /(?:\$schema=|"\$schema": ")([^"\n]+)/.exec(text)?.[1]
    const published = fileURLToPath(new URL('../../indexer.config.schema.json', import.meta.url))
    expect(schema === undefined ? published : resolve(cwd, schema)).toBe(published)
    const plan = await runInProcess(['plan', '--json'], { cwd })
    expect(JSON.parse(plan.stdout)).toMatchObject({ sources: { new: 4 } })
  },
)

test('init writes over nothing, and says so of a configuration further up', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeFile(join(cwd, 'indexer.config.json'), '{"sources": ["docs"]}')
  const refused = await runInProcess(['init'], { cwd })
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('indexer.config.json')])
  expect(await readdir(cwd)).toEqual(['indexer.config.json'])
  await mkdir(join(cwd, 'inner'))
  const inner = await runInProcess(['init', '--json'], { cwd: join(cwd, 'inner') })
  expect(inner.events()).toEqual([
    expect.objectContaining({
      type: 'init-finished',
      documents: 0,
      config: expect.objectContaining({ sources: ['.'] }),
    }),
  ])
})

describe('a suggested configuration with hostile names', () => {
  const suggested: SuggestedConfig = {
    sources: ['a: b', '# c', '- d', '"e"', 'true', '12', 'ü/f g', 'h\ni', '*j', '@k', ''],
    exclude: ['**/{dist,out}/**', '!x'],
    model: 'starter',
    store: { type: 'lancedb' },
    estimatedChunks: 1,
  }

  test.each(['yaml', 'json', 'ts'] as const)('comes back from %s as it was', async (format) => {
    await using temporary = await temporaryFolder()
    const file = join(temporary.path, `indexer.config.${format}`)
    await writeFile(file, renderConfig(suggested, format, '../a b/schema.json'))
    const { sources, exclude, model, store } = suggested
    expect((await loadConfig(temporary.path))?.value).toMatchObject({ sources, exclude, model, store })
  })
})
