import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fencedBlocks } from './fenced-blocks.ts'
import { runNode } from './run-node.ts'

/** A program and what it printed, or what a page says of both. */
export interface ProgramText {
  readonly code: string
  readonly printed: string
}

/** An example as its README shows it, and as it is. */
export interface ExampleResult {
  /** The first block `ts` of the README and the blocks `text`, joined. */
  readonly shown: ProgramText
  /** The program itself, and what its runs wrote to both outputs. */
  readonly actual: ProgramText
}

/** Runs `src/main.ts` of an example once for each list of arguments, in its folder. */
export async function runExample(folder: string, runs: readonly (readonly string[])[] = [[]]): Promise<ExampleResult> {
  const blocks = fencedBlocks(await readFile(join(folder, 'README.md'), 'utf8'))
  const code = await readFile(join(folder, 'src', 'main.ts'), 'utf8')
  let printed = ''
  for (const run of runs) {
    const { stdout, stderr } = await runNode(['src/main.ts', ...run], { cwd: folder })
    printed += stdout + stderr
  }
  const textOf = (wanted: string): string[] =>
    blocks.filter(({ language }) => language === wanted).map(({ text }) => text)
  return { shown: { code: textOf('ts')[0] ?? '', printed: textOf('text').join('') }, actual: { code, printed } }
}
