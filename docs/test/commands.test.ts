import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fencedBlocks } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { pages, root } from './pages.ts'
import { runInProcess } from './run-in-process.ts'

/** A use of a command in a block `sh` of a page (blocks `console` are run): `['models', 'pull']` and the options that follow. */
interface Usage {
  readonly page: string
  readonly command: readonly string[]
  readonly flags: readonly string[]
}

function usagesIn(page: string, text: string): Usage[] {
  return text.split('\n').flatMap((line) => {
    const [, words = ''] = /(?:^|\s)indexer ([a-z].*)/.exec(line.replace(/\s#.*$/, '')) ?? []
    if (words === '') return []
    const [first = '', second = ''] = words.split(' ')
    const command = first === 'models' ? [first, second] : [first]
    return [{ page, command, flags: words.match(/(?<=\s)--[a-z-]+/g) ?? [] }]
  })
}

async function usages(): Promise<Usage[]> {
  const found: Usage[] = []
  for (const page of await pages()) {
    for (const { language, text } of fencedBlocks(await readFile(join(root, page), 'utf8'))) {
      if (language === 'sh') found.push(...usagesIn(page, text))
    }
  }
  return found
}

test('every command that a page tells to type exists, with its options', async () => {
  const byCommand = Map.groupBy(await usages(), ({ command }) => command.join(' '))
  expect(byCommand.size).toBeGreaterThan(5)
  for (const [command, group] of byCommand) {
    const { stdout, exitCode } = await runInProcess([...command.split(' '), '--help'], root)
    expect({ command, exitCode }).toEqual({ command, exitCode: 0 })
    const known = new Set(stdout.match(/--[a-z-]+/g))
    const unknown = group.flatMap(({ page, flags }) =>
      flags.filter((flag) => !known.has(flag)).map((flag) => `${page}: ${flag}`),
    )
    expect({ command, unknown }).toEqual({ command, unknown: [] })
  }
})
