/**
 * What Quern's chunker and LangChain's splitters do to the same texts, and what time and memory the chunker takes as texts grow. Run:
 * pnpm --filter @quern/bench chunk-comparison [model.gguf] [--chunks 500] [--quick]
 */
import { parseArgs } from 'node:util'
import { createChunker } from '@quern/chunker'
import { type Aspect, aspectsOf } from './chunking/aspects.ts'
import { type ChunkingWay, langChainWay, quernWay } from './chunking/chunking-ways.ts'
import { sampleDocuments } from './chunking/sample-documents.ts'
import { openTokenRule } from './chunking/starter-tokens.ts'
import { describeMachine } from './machine.ts'
import { median } from './measure.ts'
import { formatCount, formatHead, formatMegabytes, formatRatio, formatRow, formatSeconds } from './report.ts'

async function compare(ways: readonly ChunkingWay[], aspects: readonly Aspect[]): Promise<void> {
  console.log(formatHead(['', ...ways.map(({ name }) => name)]))
  for (const { label, document, look } of aspects) {
    const cells: string[] = []
    for (const way of ways) cells.push(look(await way.split(document), way))
    console.log(formatRow([label, ...cells]))
  }
}

const growing: readonly (readonly [string, string])[] = [
  ['prose', 'The upper stone turns on the lower one, and rye falls from its rim.\n\n'],
  ['prose on one line', 'The upper stone turns on the lower one, and rye falls from its rim. '],
  ['spaces', ' '],
  ['line ends', '\n'],
  ['one word', 'w'],
  ['Chinese', '磨'],
  ['emoji', '😀'],
  ['headings', '# a\n## b\n'],
  ['fences', '```\n'],
  ['table rows', '| a | b |\n'],
  ['backticks', '`'],
  ['base64', 'UXVlcm4gZ3JpbmRz'],
]

/** Processor seconds for splitting so many characters of a unit: the median of three, after one that does not count. */
async function splitSeconds(unit: string, characters: number, rounds: number): Promise<number> {
  const text = `a ${unit.repeat(Math.ceil(characters / unit.length))} z`
  const chunker = createChunker({ maxTokens: 512, countTokens: (counted) => Math.ceil(counted.length / 4) })
  const seconds: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const before = process.cpuUsage()
    for await (const { metadata } of chunker.split({
      pageContent: text,
      metadata: { source: 'x', mediaType: 'text/markdown' },
    })) {
      if (metadata.end > text.length) throw new Error('a chunk ends beyond the text')
    }
    const { user, system } = process.cpuUsage(before)
    if (round > 0 || rounds === 0) seconds.push((user + system) / 1e6)
  }
  return median(seconds)
}

async function measureGrowth(small: number, large: number): Promise<void> {
  const heads = [small, 4 * small].map((size) => `${formatCount(size)} characters`)
  console.log(formatHead(['', ...heads, 'ratio', `${formatCount(large)} characters`]))
  for (const [name, unit] of growing) {
    const [first, second] = [await splitSeconds(unit, small, 3), await splitSeconds(unit, 4 * small, 3)]
    const long = name.startsWith('prose') ? formatSeconds(await splitSeconds(unit, large, 0)) : ''
    console.log(formatRow([name, formatSeconds(first), formatSeconds(second), formatRatio(second / first), long]))
  }
}

/** Parts of one long text, each as it is asked for. */
function* proseParts(characters: number): Generator<string> {
  const part = 'The upper stone turns on the lower one, and rye falls from its rim.\n\n'.repeat(1000)
  for (let sent = 0; sent < characters; sent += part.length) yield part
}

/** Splits a text that comes in parts; says how much memory the process takes at most, beyond what it took before. */
async function measureStream(characters: number): Promise<void> {
  const chunker = createChunker({ maxTokens: 512, countTokens: (counted) => Math.ceil(counted.length / 4) })
  const before = process.memoryUsage.rss()
  let [chunks, peak] = [0, before]
  for await (const _ of chunker.splitStream({ metadata: { source: 'x' }, text: proseParts(characters) })) {
    if (++chunks % 1000 === 0) peak = Math.max(peak, process.memoryUsage.rss())
  }
  const grown = formatMegabytes(peak - before)
  console.log(
    `${formatCount(characters)} characters in parts: ${formatCount(chunks)} chunks, ${grown} of memory at most`,
  )
}

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, chunks: { type: 'string' } },
  allowPositionals: true,
})
await using rule = await openTokenRule(positionals[0])
const ways = [
  langChainWay({ kind: 'recursive', chunkOverlap: 0 }),
  langChainWay({ kind: 'recursive', chunkOverlap: 200 }),
  langChainWay({ kind: 'recursive', chunkOverlap: 50, tokens: rule }),
  langChainWay({ kind: 'markdown', chunkOverlap: 0 }),
  quernWay(rule),
  quernWay(rule, { overlapTokens: 50 }),
]
console.log(`${await describeMachine(['@langchain/classic'])}\n\nwindow: ${rule.maxTokens} tokens\n`)
await compare(ways, aspectsOf(await sampleDocuments(Number(values.chunks ?? (values.quick ? 40 : 500))), rule))
console.log('')
await measureStream(values.quick ? 1_000_000 : 100_000_000)
console.log('\nprocessor time of the chunker, an estimate of 4 characters a token in place of a tokenizer\n')
await measureGrowth(values.quick ? 20_000 : 250_000, values.quick ? 100_000 : 100_000_000)
