import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runNode } from '@quern/test-fixtures'

/** How a command ended. */
export interface IndexerResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
  /** stdout as JSON lines. */
  readonly events: () => Record<string, unknown>[]
}

export interface IndexerOptions {
  readonly cwd: string
  /** Further options for Node, for instance `--import`. */
  readonly nodeOptions?: readonly string[]
}

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

/** Where what is remembered of runs and models is kept: out of the tester's own cache. */
export const modelFolder = mkdtempSync(join(tmpdir(), 'quern-models-'))
process.on('exit', () => rmSync(modelFolder, { recursive: true, force: true }))

/** Runs the command line in a process of its own, with no environment but what it needs. */
export async function runIndexer(
  arguments_: readonly string[],
  { cwd, nodeOptions = [] }: IndexerOptions,
): Promise<IndexerResult> {
  const { exitCode, stdout, stderr } = await runNode([...nodeOptions, cli, ...arguments_], {
    cwd,
    env: { PATH: process.env['PATH'], NO_COLOR: '1', QUERN_MODELS: modelFolder },
  })
  return {
    exitCode,
    stdout,
    stderr,
    events: () =>
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}
