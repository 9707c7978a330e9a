import type { PeerOutcome, PeersFigures } from '../peers/peer-figures.ts'
import { formatCount, formatMegabytes, formatSeconds } from '../report.ts'
import type { RecordedResult } from '../results/recorded-result.ts'
import { renderRecord } from './render-record.ts'
import { renderTable } from './render-table.ts'

type Measured = Exclude<PeerOutcome, { readonly reason: string }>

const rows: readonly (readonly [label: string, cell: (peer: Measured) => string])[] = [
  ['first run', ({ first }) => formatSeconds(first.seconds)],
  ['texts embedded', ({ first }) => formatCount(first.embedded)],
  ['second run, nothing changed', ({ unchanged }) => formatSeconds(unchanged.seconds)],
  ['texts embedded again', ({ unchanged }) => formatCount(unchanged.embedded)],
  ['run after 1 % of the files changed', ({ changed }) => formatSeconds(changed.seconds)],
  ['texts embedded in it', ({ changed }) => formatCount(changed.embedded)],
  ['search for ten, question embedded', ({ search }) => formatSeconds(search)],
  ['peak RSS', ({ peakBytes }) => formatMegabytes(peakBytes)],
  ['chunks', ({ chunks }) => formatCount(chunks)],
  ['texts too long for the model, cut', ({ cut }) => formatCount(cut)],
  ['kept when the process ends', ({ isKept }) => (isKept ? 'yes' : 'no')],
]

function renderCell(outcome: PeerOutcome, cell: (peer: Measured) => string, isFirst: boolean): string {
  if ('reason' in outcome) return isFirst ? outcome.reason.replaceAll('|', '/').slice(0, 160) : '–'
  return cell(outcome)
}

const notes = [
  'Each peer reads the files whole and splits them as its documentation shows: LangChain into 1,000 characters with 200 shared and cleanup `full`, vectra by the defaults of its splitter, LlamaIndex into 384',
  'tokens of its own count; each embeds one text after the other with the default options of node-llama-cpp, as `LlamaCppEmbeddings` of @langchain/community does. So the first run compares the ways of embedding, the number of texts the ways of',
  'going on. All three runs and the questions happen in one process with the model loaded once, since what is only in memory would be gone.',
].join(' ')

const llamaIndexNote =
  '**LlamaIndex TS** (llamaindex 0.12.1) is marked as no longer maintained and brings 55 MB of packages, so it is no dependency: `--llamaindex` takes the folder of an installation.'

const qmdNote =
  '**qmd** (@tobilu/qmd 2.8.3) was not measured: it brings 194 MB without its models, more than 30 MB of it in single packages (a node-llama-cpp of its own, tree-sitter-typescript), and was not tried beyond its installation.'

/** The part of the page on the peers, without its heading. */
export function renderPeers(result: RecordedResult<PeersFigures>, plots: readonly string[] = []): string {
  const { model, files, bytes, changedFiles, questions, peers } = result.figures
  const table = renderTable([
    ['', ...Object.keys(peers)],
    ...rows.map(([label, cell], row) =>
      [label].concat(Object.values(peers).map((outcome) => renderCell(outcome, cell, row === 0))),
    ),
  ])
  const facts = `${formatCount(files)} files of the corpus above (${formatMegabytes(bytes)}), ${formatCount(changedFiles)} of them changed; model: ${model}; median of ${formatCount(questions)} questions.`
  return [notes, renderRecord(result), facts, table, ...plots, llamaIndexNote, qmdNote].join('\n\n')
}
