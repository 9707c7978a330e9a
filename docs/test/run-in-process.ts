import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { indexerPath } from './indexer-path.ts'

/** The part of the indexer's own `main.ts` that is used here; it stands beside the program, and is not exported by the package. */
interface IndexerMain {
  readonly main: (
    arguments_: readonly string[],
    context: {
      readonly stdout: Writable
      readonly stderr: Writable
      readonly env: Readonly<Record<string, string | undefined>>
      readonly workingFolder: string
      readonly programName: string
    },
  ) => Promise<number>
}

const { main } = (await import(pathToFileURL(join(dirname(indexerPath), 'main.ts')).href)) as IndexerMain

function keepText(): { readonly stream: Writable; readonly text: () => string } {
  let kept = ''
  const stream = new Writable({
    write(data, _encoding, done) {
      kept += String(data)
      done()
    },
  })
  return { stream, text: () => kept }
}

/** Runs a command of the indexer in this process, which saves the start of another one. */
export async function runInProcess(arguments_: readonly string[], workingFolder: string) {
  const stdout = keepText()
  const stderr = keepText()
  const streams = { stdout: stdout.stream, stderr: stderr.stream }
  const exitCode = await main(arguments_, { ...streams, env: {}, workingFolder, programName: 'indexer' })
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() }
}
