import type { ClassicFigures } from '../classic/classic-figures.ts'
import type { EndToEndFigures } from '../end-to-end/end-to-end-figures.ts'
import type { PeersFigures } from '../peers/peer-figures.ts'
import { formatCount, formatSeconds } from '../report.ts'
import { drawBarChart } from './bar-chart.ts'
import { drawLineChart } from './line-chart.ts'
import { costsOf, storeNames } from './render-end-to-end.ts'

/** The times of the classic example. */
export function drawClassic({ naive, quern, small, large, added }: ClassicFigures): string {
  const groups = (
    [
      [`${formatCount(small)} documents, first run`, 'firstRun'],
      ['saving', 'save'],
      [`loading ${formatCount(large)}, nearest ten`, 'load'],
      [`a run with ${formatCount(added)} new ones`, 'addNew'],
    ] as const
  ).map(([label, figure]) => ({ label, values: [naive[figure], quern[figure]] }))
  return drawBarChart({ title: 'The classic example', series: ['naive', 'Quern'], groups, format: formatSeconds })
}

/** The times of whole runs over real files. */
export function drawRuns({ first, changed, unchanged, walk }: EndToEndFigures): string {
  const groups = [
    { label: 'first run', values: [undefined, first.seconds] },
    { label: '1 % of the files changed', values: [undefined, changed.seconds] },
    { label: 'nothing changed', values: [walk.seconds, unchanged.seconds] },
  ]
  const series = ['bare walk with stat', 'Quern']
  return drawBarChart({ title: `${formatCount(first.files)} real files`, series, groups, format: formatSeconds })
}

/** The time of a run over the size of the corpus. */
export function drawGrowth({ growth }: EndToEndFigures): string {
  const lines = (['none', 'json', 'lancedb'] as const).map((store) => ({
    name: storeNames[store],
    points: costsOf(growth, store),
  }))
  return drawLineChart({
    title: 'Time of a run over the number of chunks, without a model',
    lines,
    formatSize: formatCount,
    formatCost: formatSeconds,
  })
}

/** The three runs of each peer that was measured. */
export function drawPeers({ peers }: PeersFigures): string {
  const measured = Object.entries(peers).flatMap(([name, outcome]) => ('reason' in outcome ? [] : [{ name, outcome }]))
  const groups = (
    [
      ['first run', 'first'],
      ['nothing changed', 'unchanged'],
      ['1 % of the files changed', 'changed'],
    ] as const
  ).map(([label, run]) => ({ label, values: measured.map(({ outcome }) => outcome[run].seconds) }))
  const search = { label: 'search', values: measured.map(({ outcome }) => outcome.search) }
  return drawBarChart({
    title: 'The same corpus and model file',
    series: measured.map(({ name }) => name),
    groups: [...groups, search],
    format: formatSeconds,
  })
}
