import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { generatePage } from '../../src/page/generate-page.ts'
import { readResults } from '../../src/results/read-results.ts'
import { resultsFolder } from '../../src/results/record-result.ts'

const docs = fileURLToPath(new URL('../../../docs/', import.meta.url))
const results = await readResults(resultsFolder)
const page = generatePage(results)

describe('the page of benchmarks', () => {
  test.each([...page.keys()])(
    'has %s as the recorded results make it (pnpm --filter @quern/bench page)',
    async (path) => {
      expect(await readFile(join(docs, path), 'utf8')).toBe(page.get(path))
    },
  )

  test('has no picture that the results do not make', async () => {
    const pictures = await readdir(join(docs, 'images/benchmarks'))
    expect(pictures.map((name) => `images/benchmarks/${name}`).toSorted()).toEqual(
      [...page.keys()].filter((path) => path.endsWith('.svg')).toSorted(),
    )
  })

  test('shows no result of --quick', () => {
    expect(Object.values(results).filter(({ quick }) => quick)).toEqual([])
  })
})
