import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runNode } from '@quern/test-fixtures'
import { expect, test } from 'vitest'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

test('the example of the README prints what the README says', async () => {
  const readme = await readFile(`${packageFolder}/README.md`, 'utf8')
  const code = /```js\n([^]*?)```/.exec(readme)?.[1] ?? ''
  const { stdout, stderr } = await runNode(['--input-type=module', '--eval', code], { cwd: packageFolder })
  expect(stderr).toBe('')
  expect(readme).toContain(`It prints \`${stdout.trim()}\``)
})
