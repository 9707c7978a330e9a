import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeMachine } from '../machine.ts'
import type { RecordedResult } from './recorded-result.ts'
import { roundFigures } from './round-figures.ts'

/** Folder of the recorded results. */
export const resultsFolder = fileURLToPath(new URL('../../results/', import.meta.url))

/** What a command says of itself. */
export interface RecordOptions {
  readonly name: string
  readonly quick: boolean
  /** Packages whose versions matter. */
  readonly packages: readonly string[]
  /** Where to write; without it to `bench/results/<name>.json`, or nowhere when it is quick. */
  readonly file: string | undefined
}

/** Gives the figures of a command their record, and writes it. */
export interface Recorder {
  record<Figures>(figures: Figures): Promise<RecordedResult<Figures>>
}

/** Without the place of the record, and without folders of this machine, which say nothing to others. */
function typedCommand(name: string, options: readonly string[]): string {
  const telling = options.filter((option, i) => option !== '--json' && options[i - 1] !== '--json')
  const named = telling.map((option) => (option.startsWith('/') ? 'PATH' : option))
  return ['pnpm --filter @quern/bench run', name, ...named].join(' ')
}

/** Begins the record of a command, before anything is measured. */
export function beginRecord({ name, quick, packages, file }: RecordOptions): Recorder {
  const startedAt = performance.now()
  const loadBefore = loadavg()[0] ?? 0
  return {
    async record(figures) {
      const result = {
        name,
        command: typedCommand(name, process.argv.slice(2)),
        date: new Date().toISOString().slice(0, 10),
        machine: await describeMachine(packages),
        processors: availableParallelism(),
        loadBefore: Number(loadBefore.toFixed(2)),
        loadAfter: Number((loadavg()[0] ?? 0).toFixed(2)),
        minutes: Number(((performance.now() - startedAt) / 60_000).toFixed(1)),
        quick,
        figures: roundFigures(figures),
      }
      const path = file === undefined ? `${resultsFolder}${name}.json` : resolve(process.env['INIT_CWD'] ?? '.', file)
      if (file === undefined && quick) return result
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, `${JSON.stringify(result, null, 2)}\n`)
      return result
    },
  }
}
