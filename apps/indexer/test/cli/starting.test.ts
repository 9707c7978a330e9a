import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNode, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

test('what is compiled at a start is kept for the next', async () => {
  await using folder = await temporaryFolder()
  const cache = join(folder.path, 'compiled')
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: cache }
  const { exitCode } = await runNode([cli, '--help'], { cwd: folder.path, env })
  expect(exitCode).toBe(0)
  const kept = await readdir(cache, { recursive: true })
  expect(kept.length).toBeGreaterThan(100)
})

test('the program starts where nothing can be kept', async () => {
  await using folder = await temporaryFolder()
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: cli }
  const { exitCode, stderr } = await runNode([cli, '--help'], { cwd: folder.path, env })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
})
