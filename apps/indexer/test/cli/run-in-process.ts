import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { main } from '../../src/main.ts'
import { terminal } from '../report/terminal.ts'
import type { IndexerResult } from './run-indexer.ts'

// What is remembered of runs and models stays out of the tester's own cache.
const modelFolder = mkdtempSync(join(tmpdir(), 'quern-models-'))
process.on('exit', () => rmSync(modelFolder, { recursive: true, force: true }))

/** Runs a command in this process, which saves the start of another one; nothing is a terminal. */
export async function runInProcess(
  arguments_: readonly string[],
  { cwd }: { readonly cwd: string },
): Promise<IndexerResult> {
  const stdout = terminal({ colors: false })
  const stderr = terminal({ colors: false })
  const exitCode = await main(arguments_, {
    stdout,
    stderr,
    env: { QUERN_MODELS: modelFolder },
    workingFolder: cwd,
    programName: 'indexer',
  })
  return {
    exitCode,
    stdout: stdout.written(),
    stderr: stderr.written(),
    events: () =>
      stdout
        .written()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}
