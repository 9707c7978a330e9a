import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { refuseLlamaHook, temporaryFolder, tinyModelPath } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { runInProcess } from './run-in-process.ts'
import { runIndexer } from './run-indexer.ts'

test('an environment in which everything works is said to be in order', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  const result = await runInProcess(['doctor', '--model', await tinyModelPath()], { cwd })
  expect([result.exitCode, result.stderr]).toEqual([0, ''])
  for (const name of ['node', 'threads', 'llama.cpp', 'lancedb', 'onnx', 'model', 'store', 'lock', 'store disk']) {
    expect(result.stdout).toMatch(new RegExp(`^(ok|warn) +${name.replace('.', '\\.')} `, 'm'))
  }
})

test('what does not work is named with the command that mends it, and the exit code is 1', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  const options = { cwd, nodeOptions: ['--import', refuseLlamaHook] }
  const result = await runIndexer(['doctor', '--json', '--model', 'bge-m3'], options)
  expect(result.exitCode).toBe(1)
  const checks = result.events()
  expect(checks).toContainEqual({
    type: 'environment-checked',
    name: 'llama.cpp',
    level: 'fail',
    message: expect.stringContaining('the embedding engine was loaded'),
    fix: expect.stringContaining('npm install'),
  })
  expect(checks).toContainEqual(
    expect.objectContaining({ name: 'model', level: 'fail', fix: 'Fetch it: indexer models pull bge-m3' }),
  )
  expect(checks.at(-1)).toMatchObject({ type: 'doctor-finished', fail: 2, exitCode: 1 })
})

test('a configuration that is wrong is told with all its problems, and the rest is looked at all the same', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeFile(join(cwd, 'indexer.config.json'), '{"sorces": ["docs"], "store": "jso"}')
  const { exitCode, stdout } = await runInProcess(['doctor', '--quiet'], { cwd })
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(
    /^fail +config +the configuration file .* has 2 problems:\n +store: expected .*\n +sorces: unknown key; did you mean "sources"/,
  )
  expect(stdout).not.toMatch(/^ok/m)
})
