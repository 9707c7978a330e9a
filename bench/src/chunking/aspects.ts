import { formatCount, formatNumber } from '../report.ts'
import type { ChunkingWay, SplitPiece, TokenRule } from './chunking-ways.ts'
import type { SampleDocument } from './sample-documents.ts'
import { countCut, countIllFormed, countWrongLines, overlapShare, wholeBlocks } from './splitting-faults.ts'

/** Something that is looked at in the pieces of one document. */
export interface Aspect {
  readonly label: string
  readonly document: SampleDocument
  /** A cell of the table. */
  readonly look: (pieces: readonly SplitPiece[], way: ChunkingWay) => string
}

type Look = Aspect['look']

const notApplicable = '–'
const plain = { mediaType: 'text/plain', before: '', line: '', chunkSize: 1000 }

function ofAll(count: number, pieces: readonly SplitPiece[]): string {
  return `${formatCount(count)} of ${formatCount(pieces.length)}`
}

function percent(share: number): string {
  return `${formatNumber(share * 100, 2)} %`
}

function lookAtFill({ countTokens, maxTokens }: TokenRule): Look {
  return (pieces) => {
    const tokens = pieces.map(({ embedText }) => countTokens(embedText))
    return percent(tokens.reduce((sum, each) => sum + each, 0) / tokens.length / maxTokens)
  }
}

function lookOverWindow({ countTokens, maxTokens }: TokenRule): Look {
  return (pieces) => ofAll(pieces.filter(({ embedText }) => countTokens(embedText) > maxTokens).length, pieces)
}

function lookAtOverlap(pieces: readonly SplitPiece[], { overlaps }: ChunkingWay): string {
  return overlaps ? percent(overlapShare(pieces)) : notApplicable
}

function lookAtLines({ text }: SampleDocument): Look {
  return (pieces, { overlaps }) => (overlaps ? notApplicable : ofAll(countWrongLines(text, pieces), pieces))
}

function lookAtBlocks({ text }: SampleDocument, { countTokens, maxTokens }: TokenRule): Look {
  // Room for what a chunk has beside the block.
  const blocks = wholeBlocks(text).filter((block) => countTokens(block) < maxTokens * 0.8)
  return (pieces) => `${countCut(blocks, pieces)} of ${blocks.length}`
}

/** All aspects of the comparison, of the sample documents and of three that only show faults. */
export function aspectsOf(documents: readonly SampleDocument[], rule: TokenRule): Aspect[] {
  const named = (name: string): SampleDocument => {
    const found = documents.find((document) => document.name === name)
    if (found === undefined) throw new Error(`there is no document ${name}`)
    return found
  }
  const markdown = named('Markdown')
  const equalLines = { ...plain, name: 'equal lines', text: 'one and the same line of text\n'.repeat(5000) }
  const emoji = { ...plain, name: 'emoji', text: `a${'😀'.repeat(20_000)}` }
  const rows = named('CSV lines').text.split('\n').slice(0, 4000)
  const minified = { ...plain, name: 'JSON on one line', text: JSON.stringify(rows) }
  const prose = ['prose in paragraphs', 'prose on one line'].map(named)
  const dense = [...['CSV lines', 'Japanese, no spaces', 'TypeScript'].map(named), minified]
  return [
    { label: 'Markdown: chunks', document: markdown, look: (pieces) => formatCount(pieces.length) },
    ...[markdown, ...prose].map((document) => ({
      label: `${document.name}: fill of the window`,
      document,
      look: lookAtFill(rule),
    })),
    {
      label: 'Markdown: fences and tables that fit, but are cut',
      document: markdown,
      look: lookAtBlocks(markdown, rule),
    },
    ...prose.map((document) => ({
      label: `${document.name}: neighbours that share text`,
      document,
      look: lookAtOverlap,
    })),
    { label: 'equal lines: chunks with wrong lines', document: equalLines, look: lookAtLines(equalLines) },
    {
      label: 'emoji: chunks with half a character',
      document: emoji,
      look: (pieces) => ofAll(countIllFormed(pieces), pieces),
    },
    {
      label: 'emoji: characters of the longest chunk',
      document: emoji,
      look: (pieces) => formatCount(Math.max(...pieces.map(({ text }) => text.length))),
    },
    ...dense.map((document) => ({
      label: `${document.name}: chunks over the window`,
      document,
      look: lookOverWindow(rule),
    })),
  ]
}
