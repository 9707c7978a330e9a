import { fileURLToPath } from 'node:url'
import { refuseLlamaHook, runNode, tinyModelPath } from '@quern/test-fixtures'
import { expect, test } from 'vitest'

const embedOnce = fileURLToPath(new URL('embed-once.ts', import.meta.url))

test.for([
  ['embed', 'though nothing is disposed of'],
  ['dispose', 'and after disposal'],
] as const)('a process that embeds prints nothing of its own and ends by itself: %s, %s', async ([step]) => {
  const { stdout, stderr, exitCode } = await runNode([embedOnce, await tinyModelPath(), step])
  expect({ stdout, stderr, exitCode }).toEqual({ stdout: '64\n', stderr: '', exitCode: 0 })
})

test('opening a model does not load node-llama-cpp, embedding does', async () => {
  const hook = ['--import', refuseLlamaHook]
  const opened = await runNode([...hook, embedOnce, await tinyModelPath(), 'open'])
  expect(opened).toMatchObject({ stdout: '64\n', exitCode: 0 })
  const embedded = await runNode([...hook, embedOnce, await tinyModelPath(), 'embed'])
  expect(embedded.exitCode).not.toBe(0)
  expect(embedded.stderr).toContain('the embedding engine was loaded')
})
