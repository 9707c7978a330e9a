import { expect, test } from 'vitest'
import { main } from '../src/main.ts'
import { nodeProblem } from '../src/supported-node.ts'
import { terminal } from './report/terminal.ts'

async function runOnNode20(...arguments_: string[]) {
  const stdout = terminal({ colors: false })
  const stderr = terminal({ colors: false })
  const context = { stdout, stderr, env: {}, workingFolder: import.meta.dirname, programName: 'indexer' }
  return { exitCode: await main(arguments_, context, '20.20.2'), stderr: stderr.written() }
}

test('Node 22 and later are supported, earlier ones not', () => {
  expect(['22.0.0', '24.21.0', '100.0.0'].map(nodeProblem)).toEqual([undefined, undefined, undefined])
  expect(nodeProblem('20.20.2')?.message).toBe('Node 20.20.2 is not supported: 22 is the lowest version')
})

test('a command on an old Node is refused with the version that is needed, and help is not', async () => {
  expect(await runOnNode20('search', 'mills')).toEqual({
    exitCode: 1,
    stderr:
      'error: Node 20.20.2 is not supported: 22 is the lowest version\nInstall a newer one, for instance with: nvm install 24\n',
  })
  expect(JSON.parse((await runOnNode20('search', 'mills', '--json')).stderr)).toMatchObject({
    code: 'NODE_UNSUPPORTED',
  })
  expect(await runOnNode20('search', '--help')).toEqual({ exitCode: 0, stderr: '' })
})
