import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { makeModelFolder } from '../../src/models/make-model-folder.ts'

test('a folder is made with those above it', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'a', 'b')
  await makeModelFolder(path)
  expect((await stat(path)).isDirectory()).toBe(true)
})

test.runIf(existsSync('/proc/self'))('where none can be made, the error is that of the system', async () => {
  await expect(makeModelFolder('/proc/x/y')).rejects.toMatchObject({ code: 'ENOENT' })
})
