import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runNode, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

test('the example of the README prints what the README says', async () => {
  await using folder = await temporaryFolder()
  const readme = await readFile(`${packageFolder}/README.md`, 'utf8')
  const example = /```js\n([^]*?)```/.exec(readme)?.[1] ?? ''
  const code = example.replace("'quern-store'", JSON.stringify(folder.path))
  expect(code).toContain(folder.path)
  const { stdout, stderr } = await runNode(['--input-type=module', '--eval', code], { cwd: packageFolder })
  expect(stderr).toBe('')
  expect(readme).toContain(`It prints \`${stdout.trim()}\``)
})
