import { formatCount, formatDuration, formatQuantity, formatRate } from './format.ts'
import { fitEnd } from './progress-line.ts'
import { printable } from './printable.ts'
import type { ProgressSnapshot } from './run-progress.ts'

/** One stage of a run. */
interface StageProgress {
  readonly name: string
  /** From 0 to 1; undefined where the whole is not known. */
  readonly share: number | undefined
  readonly counts: string
}

/** How stages are drawn. */
export interface StageStyle {
  /** Most characters in a line. */
  readonly width: number
  /** Colours a bar of this share. */
  readonly paint: (bar: string, share: number) => string
}

const nameWidth = 6
const wide = 100
const barWidths = { wide: 24, narrow: 12 } as const

function shareOf(part: number, all: number): number {
  return all > 0 ? Math.min(1, Math.max(0, part / all)) : 1
}

function bar(share: number, width: number): string {
  const filled = Math.floor(share * width)
  return '█'.repeat(filled) + '░'.repeat(width - filled)
}

function stagesOf(at: ProgressSnapshot): StageProgress[] {
  const listing: StageProgress = { name: 'list', share: undefined, counts: formatQuantity(at.listed, 'source') }
  if (at.stage === 'listing') return [listing]
  const { toProcess, loaded, embedded, expected, committed } = at
  const sources = (count: number): string => `${formatCount(count)}/${formatQuantity(toProcess, 'source')}`
  const allLoaded = loaded >= toProcess
  const embedding = `${formatCount(embedded)}/${allLoaded ? '' : '~'}${formatQuantity(expected, 'chunk')}`
  return [
    { ...listing, share: 1 },
    { name: 'load', share: shareOf(loaded, toProcess), counts: sources(loaded) },
    { name: 'embed', share: expected === 0 && !allLoaded ? 0 : shareOf(embedded, expected), counts: embedding },
    { name: 'store', share: shareOf(committed, toProcess), counts: sources(committed) },
  ]
}

/** Rates, time left, and the source at hand, of which as much is shown as fits. */
function paceLine(at: ProgressSnapshot, width: number): string {
  if (at.stage === 'listing') return ''
  if (at.stage === 'loading the model') return 'loading the model'.slice(0, Math.max(0, width))
  const rates =
    at.chunksPerSecond > 0
      ? [`${formatRate(at.chunksPerSecond)} chunks/s`, `${formatRate(at.tokensPerSecond)} tokens/s`]
      : []
  const secondsLeft = Math.ceil((at.remainingMs ?? 0) / 1000)
  const left = secondsLeft === 0 ? [] : [`${formatDuration(secondsLeft * 1000)} left`]
  const pace = [...rates, ...left].join(' · ')
  const separator = pace === '' ? '' : ' · '
  const source = fitEnd(printable(at.source), width - pace.length - separator.length)
  return source === '' ? pace.slice(0, Math.max(0, width)) : pace + separator + source
}

/** A line for each stage of a run, with a bar, and one with rates, time left and the source at hand; none longer than `width`. */
export function stageLines(at: ProgressSnapshot, { width, paint }: StageStyle): string[] {
  const barWidth = width >= wide ? barWidths.wide : barWidths.narrow
  const stages = stagesOf(at).map(({ name, share, counts }) => {
    const drawn = share === undefined ? '' : `${paint(bar(share, barWidth), share)} `
    const room = width - nameWidth - (share === undefined ? 0 : barWidth + 1)
    return room > 0 ? name.padEnd(nameWidth) + drawn + counts.slice(0, room) : name.slice(0, width)
  })
  const pace = paceLine(at, width - nameWidth)
  return pace === '' ? stages : [...stages, ' '.repeat(nameWidth) + pace]
}
