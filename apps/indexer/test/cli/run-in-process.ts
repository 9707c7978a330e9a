import { main } from '../../src/main.ts'
import { terminal } from '../report/terminal.ts'
import { modelFolder } from './run-indexer.ts'
import type { IndexerResult } from './run-indexer.ts'

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
