import { spawnSync } from 'node:child_process'
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { consoleSteps, corpusFolder, firstDifference, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { indexerPath } from './indexer-path.ts'
import { pages, root } from './pages.ts'

/** `pnpm indexer …` and `indexer …` as in the repository, for the commands of a page. */
async function writeTools(folder: string): Promise<void> {
  const run = `INIT_CWD="$PWD" exec "${process.execPath}" "${indexerPath}" "$@"`
  await mkdir(folder)
  await writeFile(join(folder, 'pnpm'), `#!/bin/sh\nshift\nnpm_lifecycle_event=indexer ${run}\n`, { mode: 0o755 })
  await writeFile(join(folder, 'indexer'), `#!/bin/sh\n${run}\n`, { mode: 0o755 })
}

// The sessions of the README are run in a fresh clone, by scripts/check-readme.ts.
const sessions = await Promise.all(
  (await pages())
    .filter((page) => page.startsWith('docs/'))
    .map(async (page) => ({ page, steps: consoleSteps(await readFile(join(root, page), 'utf8')) })),
)

test.each(sessions.filter(({ steps }) => steps.length > 0))(
  'the session of $page goes as it was recorded',
  async ({ steps }) => {
    await using temporary = await temporaryFolder()
    const home = join(temporary.path, 'notes')
    await cp(join(corpusFolder, 'node'), join(home, 'my-docs'), { recursive: true })
    await writeTools(join(temporary.path, 'tools'))
    const { PATH = '', ...rest } = process.env
    const kept = Object.fromEntries(
      Object.entries(rest).filter(([name]) => !/^(?:npm_|pnpm_|quern_|init_cwd)/i.test(name)),
    )
    const env = { ...kept, NO_COLOR: '1', PATH: join(temporary.path, 'tools') + delimiter + PATH }
    for (const { command, expected } of steps) {
      const { status, stdout, stderr } = spawnSync('sh', ['-c', command], {
        cwd: home,
        env: { ...env, QUERN_MODELS: join(temporary.path, 'models') },
        encoding: 'utf8',
      })
      // What a command that succeeds writes to stderr is progress, which depends on the machine.
      const output = `${stdout}${status === 0 ? '' : stderr}`.replaceAll(home, '/home/you/notes')
      expect({ command, output, difference: firstDifference(expected, output) }).toEqual({
        command,
        output,
        difference: undefined,
      })
    }
  },
)
