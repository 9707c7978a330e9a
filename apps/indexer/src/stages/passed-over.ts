import type { PipelineEvent, SourceCounts } from '@quern/pipeline'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { quoteForShell } from '../next-command.ts'
import { formatQuantity } from '../report/format.ts'
import { printable } from '../report/printable.ts'

/** Follows what a listing passes over, to explain why there was nothing to index. */
export interface PassedOver {
  readonly onEvent: (event: PipelineEvent) => void
  /** One line for people where no source was found at all; undefined where there was one. `program` begins the command that lists everything. */
  readonly explain: (found: SourceCounts, program: string) => string | undefined
}

/** Begins to follow the listing of the configured sources. */
export function createPassedOver({ sources, sourcesAreConfigured }: ResolvedConfig): PassedOver {
  let count = 0
  let example: string | undefined
  return {
    onEvent(event) {
      if (event.type !== 'source-skipped') return
      count++
      example ??= `${event.source} (${event.detail})`
    },
    explain(found, program) {
      if (Object.values(found).some((number) => number > 0)) return undefined
      const paths = sources.map(({ path }) => path)
      const none = `no document was found in ${paths.join(', ')}`
      if (example === undefined) return printable(`${none}: nothing is there`)
      const words = sourcesAreConfigured ? [program, 'plan'] : [program, 'plan', ...paths.map(quoteForShell)]
      const passed = `${formatQuantity(count, 'path')} passed over, for instance ${example}`
      return printable(`${none}: ${passed}; each of them, and why: ${words.join(' ')} --verbose`)
    },
  }
}
