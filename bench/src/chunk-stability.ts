/**
 * How many texts must be embedded again after one line was inserted near the top of a document, by Quern's chunker and by LangChain's
 * splitters. Run: pnpm --filter @quern/bench chunk-stability [model.gguf] [--chunks 500] [--places 20] [--quick]
 */
import { parseArgs } from 'node:util'
import { type ChunkingWay, langChainWay, quernWay } from './chunking/chunking-ways.ts'
import { type SampleDocument, sampleDocuments } from './chunking/sample-documents.ts'
import { openTokenRule } from './chunking/starter-tokens.ts'
import { createRandomStream } from './corpus/random-stream.ts'
import { describeMachine } from './machine.ts'
import { percentile } from './measure.ts'
import { formatHead, formatNumber, formatRow } from './report.ts'

/** The text with a line put in at a random place between 1 % and 11 % of it. */
function withLine({ text, before, line }: SampleDocument, random: () => number): string {
  const at = text.indexOf(before, Math.floor(text.length * (0.01 + 0.1 * random())))
  return text.slice(0, at) + line + text.slice(at)
}

/** Texts of `after` that `before` does not hold, each as often as it does. */
function countNew(before: readonly string[], after: readonly string[]): number {
  const known = new Map<string, number>()
  for (const text of before) known.set(text, (known.get(text) ?? 0) + 1)
  let count = 0
  for (const text of after) {
    const left = known.get(text) ?? 0
    if (left === 0) count++
    else known.set(text, left - 1)
  }
  return count
}

/** Texts that stand at another place than before: what ids made of positions would embed again. */
function countMoved(before: readonly string[], after: readonly string[]): number {
  return after.filter((text, index) => text !== before[index]).length
}

function summarise(counts: readonly number[]): string {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return `${formatNumber(mean, 2)} / ${percentile(counts, 0.95)} / ${Math.max(...counts)}`
}

async function measure(way: ChunkingWay, document: SampleDocument, places: number): Promise<string[]> {
  const textsOf = async (text: string): Promise<string[]> =>
    (await way.split({ ...document, text })).map(({ embedText }) => embedText)
  const before = await textsOf(document.text)
  const random = createRandomStream(11)
  const changed: number[] = []
  const moved: number[] = []
  for (let place = 0; place < places; place++) {
    const after = await textsOf(withLine(document, random))
    changed.push(countNew(before, after))
    moved.push(countMoved(before, after))
  }
  return [String(before.length), summarise(changed), summarise(moved)]
}

const { values, positionals } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    chunks: { type: 'string' },
    places: { type: 'string' },
  },
  allowPositionals: true,
})
const chunks = Number(values.chunks ?? (values.quick ? 60 : 500))
const places = Number(values.places ?? (values.quick ? 3 : 20))

await using rule = await openTokenRule(positionals[0])
const recursive = [0, 200].map((chunkOverlap) => langChainWay({ kind: 'recursive', chunkOverlap }))
const ours = [quernWay(rule), quernWay(rule, { overlapTokens: 50 })]

console.log(`${await describeMachine(['@langchain/classic'])}\n`)
console.log(`one line inserted at ${places} places; texts to embed again, mean / 95 % / most\n`)
console.log(formatHead(['document', 'way', 'chunks', 'ids by content', 'ids by position']))
for (const document of await sampleDocuments(chunks)) {
  const markdown = document.mediaType === 'text/markdown' ? [langChainWay({ kind: 'markdown', chunkOverlap: 0 })] : []
  for (const way of [...recursive, ...markdown, ...ours]) {
    console.log(formatRow([document.name, way.name, ...(await measure(way, document, places))]))
  }
}
