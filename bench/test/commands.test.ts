import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNode, temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import type { RecordedResult } from '../src/results/recorded-result.ts'

// Minutes on a busy machine, for models run there as slowly as nothing else.
const timeout = 600_000

describe('a command of the bench, quickly', () => {
  test.concurrent.each(['classic', 'end-to-end', 'peers'])(
    '%s prints its part of the page and records it',
    async (name) => {
      await using folder = await temporaryFolder()
      const file = join(folder.path, 'result.json')
      const script = fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url))
      const { exitCode, stdout, stderr } = await runNode([script, '--quick', '--json', file])
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(stdout).toContain(`\`pnpm --filter @quern/bench run ${name} --quick\``)
      const result = JSON.parse(await readFile(file, 'utf8')) as RecordedResult
      expect(result).toMatchObject({ name, quick: true })
    },
    timeout,
  )
})
