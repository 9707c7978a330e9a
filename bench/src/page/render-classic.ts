import type { ClassicFigures, ClassicWay } from '../classic/classic-figures.ts'
import { judgeClassic } from '../classic/classic-figures.ts'
import { formatCount, formatMegabytes, formatNumber, formatRatio, formatSeconds } from '../report.ts'
import type { RecordedResult } from '../results/recorded-result.ts'
import { renderRecord } from './render-record.ts'
import { renderTable, renderVerdict } from './render-table.ts'

type Row = readonly [label: string, figure: keyof ClassicWay, format: (value: number) => string]

function renderComparison(figures: ClassicFigures): string {
  const { small, large, added, naive, quern } = figures
  const rows: readonly Row[] = [
    [`${formatCount(small)} documents, first run`, 'firstRun', formatSeconds],
    ['of it, loading the model', 'loadModel', formatSeconds],
    ['of it, embedding', 'embed', formatSeconds],
    ['of it, saving', 'save', formatSeconds],
    ['texts a second', 'textsPerSecond', (value) => formatNumber(value)],
    ['bytes a document', 'bytesPerDocument', formatCount],
    [`load ${formatCount(large)} and find the nearest ten`, 'load', formatSeconds],
    [
      `${formatCount(large)} documents and ${formatCount(added)} new ones, a run, model loaded`,
      'addNew',
      formatSeconds,
    ],
    ['the same with loading the model', 'addNewWithModel', formatSeconds],
  ]
  const cells = rows.map(([label, figure, format]) => {
    const ratio = figure === 'textsPerSecond' ? quern[figure] / naive[figure] : naive[figure] / quern[figure]
    return [label, format(naive[figure]), format(quern[figure]), formatRatio(ratio)]
  })
  return renderTable([['', 'naive', 'Quern', 'Quern is better by'], ...cells])
}

function renderGoals(figures: ClassicFigures): string {
  const { behind, loadAgainstAnew, addAgainstAnew, addAgainstAnewWithModel, addAgainstNaiveAnew } =
    judgeClassic(figures)
  const { large, added, anew } = figures
  return renderTable([
    ['goal', 'measured', ''],
    [
      'ahead in every row',
      behind.length === 0 ? 'ahead in all' : `behind in: ${behind.join(', ')}`,
      renderVerdict(behind.length === 0),
    ],
    [
      `loading at least 250× as fast as embedding ${formatCount(large)} anew`,
      formatRatio(loadAgainstAnew),
      renderVerdict(loadAgainstAnew >= 250),
    ],
    [
      `a run with ${formatCount(added)} new documents at least 86× as fast as embedding all ${formatCount(large + added)} anew in the naive way`,
      formatRatio(addAgainstNaiveAnew),
      renderVerdict(addAgainstNaiveAnew >= 86),
    ],
    [
      `the same against embedding them all anew with Quern, which is ${formatRatio(anew.naive / anew.quern)} as fast (at most ${formatRatio((large + added) / added)}: the new ones have to be embedded)`,
      `${formatRatio(addAgainstAnew)}; ${formatRatio(addAgainstAnewWithModel)} with loading the model in both`,
      renderVerdict(addAgainstAnew >= 86),
    ],
  ])
}

/** The part of the page on the classic example, without its heading. */
export function renderClassic(result: RecordedResult<ClassicFigures>, plots: readonly string[] = []): string {
  const { figures } = result
  const { model, modelBytes, tokensInDocument, anew, large, rounds } = figures
  const intro = [
    'The example that tutorials on embeddings begin with. Naive is the code that people write from them: one `getEmbeddingFor` after the other with the default',
    'options of node-llama-cpp, one pretty `JSON.stringify`, and new documents told by their id alone, so that an edit or a removal goes unseen. Quern is its packages:',
    'loader, chunker, embedder, pipeline and JSON store, which also hashes each file and text, and syncs what it writes to the disk. Every run begins in a new process.',
  ].join(' ')
  const facts =
    `Model: ${model} (${formatMegabytes(modelBytes)}); documents of about ${tokensInDocument} tokens; median of up to ${rounds} rounds, in turn. Embedding ` +
    `${formatCount(large)} anew, model loaded: Quern ${formatSeconds(anew.quern)}, measured; naive ${formatSeconds(anew.naive)}, by its speed on the small set.`
  return [intro, renderRecord(result), facts, renderComparison(figures), ...plots, renderGoals(figures)].join('\n\n')
}
