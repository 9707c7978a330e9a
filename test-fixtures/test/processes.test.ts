import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runNode, temporaryFolder } from '../src/index.ts'

test('a temporary folder is empty, its own, and gone afterwards', async () => {
  let path = ''
  {
    await using first = await temporaryFolder()
    await using second = await temporaryFolder()
    expect(first.path).not.toBe(second.path)
    path = first.path
    await writeFile(join(path, 'file'), 'x')
  }
  await expect(access(path)).rejects.toThrow('ENOENT')
})

test('a child process gives its outputs and its exit code', async () => {
  const result = await runNode(['-e', 'console.log(process.env.WORD); console.error("oh"); process.exitCode = 7'], {
    env: { WORD: 'yes' },
  })
  expect(result).toEqual({ exitCode: 7, signal: null, stdout: 'yes\n', stderr: 'oh\n' })
})

test('aborting kills the child', async () => {
  const controller = new AbortController()
  const running = runNode(['-e', 'setInterval(() => {}, 1000)'], { signal: controller.signal })
  controller.abort()
  expect(await running).toMatchObject({ exitCode: null, signal: 'SIGKILL' })
})
