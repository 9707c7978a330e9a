import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fencedBlocks, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { pages, root } from './pages.ts'
import { runInProcess } from './run-in-process.ts'

/** The configurations that pages show: blocks `yaml` that name a setting of the indexer at the margin. */
async function configurations() {
  const found: { page: string; line: number; text: string }[] = []
  for (const page of await pages()) {
    for (const { language, text, line } of fencedBlocks(await readFile(join(root, page), 'utf8'))) {
      if (language === 'yaml' && /^(?:sources|model|store|chunking|embedding):/m.test(text))
        found.push({ page, line, text })
    }
  }
  return found
}

test('every configuration that a page shows is one that the indexer takes', async () => {
  const shown = await configurations()
  expect(shown.length).toBeGreaterThan(5)
  await using folder = await temporaryFolder()
  for (const { page, line, text } of shown) {
    await writeFile(join(folder.path, 'indexer.config.yaml'), text)
    const { stderr } = await runInProcess(['status', '--json'], folder.path)
    const problem = stderr.includes('"CONFIG_INVALID"') ? stderr : undefined
    expect({ page, line, problem }).toEqual({ page, line, problem: undefined })
  }
})
