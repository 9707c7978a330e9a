import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { pages, root } from './pages.ts'

test('every link of every page leads to a file or a heading that is there', async () => {
  const remark = fileURLToPath(new URL('../node_modules/remark-cli/cli.js', import.meta.url))
  const validateLinks = fileURLToPath(new URL('../node_modules/remark-validate-links/index.js', import.meta.url))
  const options = ['--frail', '--quiet', '--no-stdout', '--no-color', '--no-config', '--no-ignore']
  const { stderr } = await promisify(execFile)(
    process.execPath,
    [remark, ...options, '--use', `${validateLinks}=repository:false`, ...(await pages())],
    { cwd: root },
  ).catch((error: unknown) => error as { stderr: string })
  expect(stderr).toBe('')
})
