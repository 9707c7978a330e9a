import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const folder = join(import.meta.dirname, '..')

test('the example of the README runs and prints what it says, and the store has under 150 lines', async () => {
  const readme = await readFile(join(folder, 'README.md'), 'utf8')
  const [, example = ''] = /```ts\n([^`]*)```/.exec(readme) ?? []
  const [, printed] = /console\.log\(.*\) \/\/ (.*)/.exec(example) ?? []
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module-typescript', '--eval', example], { cwd: folder })
  expect(stdout.trim()).toBe(printed)
  const source = await readFile(join(folder, 'src', 'sqlite-store.ts'), 'utf8')
  expect(source.trimEnd().split('\n').length).toBeLessThan(150)
})
