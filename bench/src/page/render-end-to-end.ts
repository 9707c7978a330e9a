import type { EndToEndFigures, GrowthFigures } from '../end-to-end/end-to-end-figures.ts'
import { stages } from '../end-to-end/stage-clock.ts'
import { fitExponent } from '../fit-exponent.ts'
import { formatCount, formatMegabytes, formatNumber, formatRatio, formatSeconds } from '../report.ts'
import type { RecordedResult } from '../results/recorded-result.ts'
import { renderRecord } from './render-record.ts'
import { renderTable, renderVerdict } from './render-table.ts'

/** What the stores of the growth are called. */
export const storeNames = { none: 'a store that keeps nothing', json: 'JSON store', lancedb: 'LanceDB store' } as const

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

function renderRuns({ corpus, first, changed, changedFiles, unchanged, walk }: EndToEndFigures): string {
  const rate = (count: number): string => formatNumber(count / first.seconds)
  return [
    renderTable([
      ['', 'time', 'peak RSS'],
      [`first run, ${formatCount(first.files)} files`, formatSeconds(first.seconds), formatMegabytes(first.peakBytes)],
      [
        `${formatCount(changedFiles)} files changed`,
        formatSeconds(changed.seconds),
        formatMegabytes(changed.peakBytes),
      ],
      ['nothing changed', formatSeconds(unchanged.seconds), formatMegabytes(unchanged.peakBytes)],
      ['bare walk with stat', formatSeconds(walk.seconds), formatMegabytes(walk.peakBytes)],
    ]),
    renderTable([
      ['first run', 'in all', 'a second'],
      ['files', formatCount(first.files), rate(first.files)],
      ['chunks', formatCount(first.chunks), rate(first.chunks)],
      ['texts embedded, equal ones once', formatCount(first.embedded), rate(first.embedded)],
      ['tokens', formatCount(first.tokens), rate(first.tokens)],
      ['MB', formatNumber(corpus.bytes / 1e6), rate(corpus.bytes / 1e6)],
    ]),
  ].join('\n\n')
}

function renderStages({ first, changed }: EndToEndFigures): string {
  const rows = [...stages, 'other' as const].map((stage) => [
    stage,
    formatSeconds(first.stages[stage]),
    percent(first.stages[stage] / first.seconds),
    formatSeconds(changed.stages[stage]),
  ])
  const note =
    'Stages work side by side; each moment counts for the first in this order that is at work, so loading and splitting count where the model waits for them.'
  return `${renderTable([['stage', 'first run', 'share', 'after the changes'], ...rows])}\n\n${note}`
}

/** The sizes and times of one store. */
export function costsOf(
  growth: readonly GrowthFigures[],
  store: GrowthFigures['store'],
): { size: number; cost: number }[] {
  return growth.filter((run) => run.store === store).map(({ chunks, seconds }) => ({ size: chunks, cost: seconds }))
}

function exponentOf(growth: readonly GrowthFigures[], store: GrowthFigures['store']): number {
  // The smallest size shows what a process costs, more than what a chunk costs.
  const costs = costsOf(growth, store)
  return fitExponent(costs.length > 2 ? costs.slice(1) : costs)
}

function renderGrowth({ growth }: EndToEndFigures): string {
  const rows = growth.map(({ store, chunks, seconds, peakBytes }) => [
    storeNames[store],
    formatCount(chunks),
    formatSeconds(seconds),
    formatCount(chunks / seconds),
    formatMegabytes(peakBytes),
  ])
  return renderTable([['store', 'chunks', 'time', 'chunks/s', 'peak RSS'], ...rows])
}

function renderGoals({ first, unchanged, walk, growth }: EndToEndFigures): string {
  const share = first.stages.embed / first.seconds
  const ratio = unchanged.seconds / walk.seconds
  const kept = (Object.keys(storeNames) as GrowthFigures['store'][]).filter(
    (store) => costsOf(growth, store).length > 1,
  )
  const exponents = kept.map((store) => exponentOf(growth, store))
  return renderTable([
    ['goal', 'measured', ''],
    ['embedding takes at least 95 % of a first run', percent(share), renderVerdict(share >= 0.95)],
    ['a run with nothing to do takes at most 1.5× of the bare walk', formatRatio(ratio), renderVerdict(ratio <= 1.5)],
    [
      'linear or better: exponent of the time, the smallest size left out, at most 1.05',
      kept.map((store, i) => `${storeNames[store]} ${formatNumber(exponents[i] ?? 0)}`).join(', '),
      renderVerdict(exponents.every((exponent) => exponent <= 1.05)),
    ],
  ])
}

/** The part of the page on whole runs, without its heading; `plot` is the picture of the growth. */
export function renderEndToEnd(result: RecordedResult<EndToEndFigures>, plots: readonly string[] = []): string {
  const { figures } = result
  const { corpus, model } = figures
  const byEnding = Object.entries(corpus.endings).map(([ending, count]) => `${formatCount(count)} ${ending}`)
  const intro = [
    'From files to a store through loader, chunker, embedder, pipeline and JSON store, each run in a new process that loads the model if it needs it.',
    'The corpus: of the texts of 200 to 2,000 bytes in installed packages of this repository, /usr/share/doc, /usr/include and the libraries of Python and Perl, in order of path,',
    `evenly spread ones: ${byEnding.join(', ')}; SHA-256 of all contents \`${corpus.digest.slice(0, 16)}…\`. Files are in the page cache.`,
  ].join(' ')
  return [
    intro,
    renderRecord(result),
    `Model: ${model}; runs with nothing changed and walks: median of ${figures.unchanged.rounds} rounds, in turn.`,
    renderRuns(figures),
    ...plots.slice(0, 1),
    renderStages(figures),
    'What a run costs as the corpus grows, with generated documents and an embedder that answers at once:',
    renderGrowth(figures),
    ...plots.slice(1),
    renderGoals(figures),
  ].join('\n\n')
}
