import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNode, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'

const packageFolder = fileURLToPath(new URL('..', import.meta.url))

test('the example of the README prints what the README says', async () => {
  await using folder = await temporaryFolder()
  const readme = await readFile(join(packageFolder, 'README.md'), 'utf8')
  const example = /```js\n([^]*?)```/.exec(readme)?.[1] ?? ''
  const uri = join(folder.path, 'store')
  const code = example.replace("'quern-store'", JSON.stringify(uri))
  expect(code).toContain(JSON.stringify(uri))
  const { stdout, stderr } = await runNode(['--input-type=module', '--eval', code], { cwd: packageFolder })
  expect(stderr).toBe('')
  expect(readme).toContain(`It prints \`${stdout.trim()}\``)
})
