import type { RepairReport } from '@quern/core'
import type { StoreFinding, VerifyEvent, VerifyReport } from '@quern/pipeline'
import { formatCount, formatDuration, formatQuantity } from './format.ts'
import { printable } from './printable.ts'

const stageNames = {
  stored: 'reading what the store keeps',
  sources: 'checking the sources',
  samples: 'embedding samples',
} as const

/** Follows a verification: gives a line on where it stands for each event that has news. */
export function createVerifyLine(): (event: VerifyEvent) => string | undefined {
  let total = 0
  return (event) => {
    switch (event.type) {
      case 'verify-started':
        total = event.sources
        return undefined
      case 'verify-stage':
        return stageNames[event.stage]
      case 'sources-checked':
        return `checking: ${formatCount(event.sources)}/${formatQuantity(total, 'source')} · ${formatQuantity(event.chunks, 'chunk')}`
      case 'samples-compared':
        return `embedding: ${event.compared}/${formatQuantity(event.toCompare, 'sample')}`
      default:
        return undefined
    }
  }
}

/** A finding on one line. */
export function findingLine({ place, message }: StoreFinding): string {
  return printable(message.startsWith(place) ? `fault    ${message}` : `fault    ${place}: ${message}`)
}

/** What was done to mend a store, one line each. */
export function repairLines({ actions, lostSources }: RepairReport): string[] {
  return [...actions.map((action) => `mended   ${action}`), ...lostSources.map((id) => `removed  ${id}`)].map(printable)
}

/** What was looked at, for people. */
export function verifySummary({ sources, chunks, samples, durationMs }: VerifyReport): string {
  const looked = [formatQuantity(sources, 'source'), formatQuantity(chunks, 'chunk')]
  const embedded = samples === 0 ? [] : [`${formatQuantity(samples, 'sample')} embedded anew`]
  return `checked  ${[...looked, ...embedded, formatDuration(durationMs)].join(' · ')}`
}
