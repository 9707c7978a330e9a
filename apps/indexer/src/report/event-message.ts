import type { PipelineEvent } from '@quern/pipeline'
import { printable } from './printable.ts'

/** A fault of a source, named once. */
function faultMessage(source: string, reason: string): string {
  return `failed: ${reason.startsWith(source) ? reason : `${source}: ${reason}`}`
}

/** How much is said. */
export interface Detail {
  readonly quiet: boolean
  readonly verbose: boolean
}

/**
 * What is said of an event beside the progress, on one line: failures always, choices of the listing and batches under
 * `--verbose`.
 */
export function eventMessage(event: PipelineEvent, detail: Detail): string | undefined {
  const message = describeEvent(event, detail)
  return message === undefined ? undefined : printable(message)
}

function describeEvent(event: PipelineEvent, { verbose }: Detail): string | undefined {
  switch (event.type) {
    case 'source-failed':
      return `${faultMessage(event.source, event.message)}${event.hint === undefined ? '' : `. ${event.hint}`}`
    case 'source-skipped':
      if (event.fault) return faultMessage(event.source, event.detail)
      return verbose ? `passed over: ${event.source}: ${event.detail}` : undefined
    case 'model-loaded':
      return verbose ? `model loaded in ${event.durationMs} ms` : undefined
    case 'batch-committed':
      return verbose ? `committed: ${event.processed} of ${event.toProcess} sources, ${event.chunks} chunks` : undefined
    default:
      return undefined
  }
}
