import { errorMessage } from '@quern/core'
import type { FileLoader } from '@quern/loader'
import type { PipelineEvent, RunReport } from '@quern/pipeline'
import type { CommandContext } from '../command-context.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import type { ExitCode } from '../exit-codes.ts'
import { writeLastRun } from './last-run.ts'
import type { LastRun } from './last-run.ts'

/** Follows a run, and remembers it when it has ended. */
export interface RunMemory {
  readonly onEvent: (event: PipelineEvent) => void
  /** Tells why the run could not be remembered, which does it no harm; undefined where it was. */
  readonly keep: (report: RunReport, exitCode: ExitCode) => Promise<string | undefined>
}

const mostFailures = 1000

/** What a run works with, as far as it is remembered. */
export interface RunMemoryOptions {
  readonly config: ResolvedConfig
  readonly roots: FileLoader['roots']
  readonly context: CommandContext
}

/** Begins to follow a run, for `status` and `report`. */
export function createRunMemory({ config, roots, context }: RunMemoryOptions): RunMemory {
  const startedAt = new Date().toISOString()
  const failures: LastRun['failures'] = []
  let failuresLeftOut = 0
  const add = (failure: LastRun['failures'][number]): void => {
    if (failures.length < mostFailures) failures.push(failure)
    else failuresLeftOut++
  }
  return {
    onEvent(event) {
      if (event.type === 'source-failed') {
        add({ source: event.source, code: event.code, message: event.message })
      } else if (event.type === 'source-skipped' && event.fault) {
        add({ source: event.source, code: event.reason, message: event.detail })
      }
    },
    async keep({ sources, chunks, tokens, durationMs }, exitCode) {
      const { include, exclude, ignoreFiles } = config
      const selection: LastRun['selection'] = {
        sources: config.sources.map(({ path, name }) => (name === undefined ? { path } : { path, name })),
        ...(include === undefined ? {} : { include: [...include] }),
        ...(exclude === undefined ? {} : { exclude: [...exclude] }),
        ignoreFiles,
      }
      const counted = { sources, chunks, tokens, durationMs: Math.round(durationMs), failures, failuresLeftOut }
      const run = { startedAt, finishedAt: new Date().toISOString(), exitCode, ...counted, selection }
      try {
        await writeLastRun(config.store, { ...run, roots: roots.map((root) => ({ ...root })) }, context)
        return undefined
      } catch (error) {
        return `this run is not remembered for "status" and "report": ${errorMessage(error)}`
      }
    },
  }
}
