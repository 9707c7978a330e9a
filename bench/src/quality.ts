/**
 * Retrieval quality: a folder in BEIR's format goes through the pipeline, and its queries are asked by vector, by words and by both. Run:
 * pnpm --filter @quern/bench quality [FOLDER] [--model FILE.gguf] [--split test] [--modes vector,keyword,hybrid]
 */
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { SearchMode } from '@quern/core'
import { openLlamaEmbedder } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import { openJsonStore } from '@quern/store-json'
import { retrievalFolder } from '@quern/test-fixtures'
import { describeMachine } from './machine.ts'
import { readJudgedQueries } from './quality/beir-folder.ts'
import { indexBeirFolder } from './quality/index-beir-folder.ts'
import { measureQuality } from './quality/measure-quality.ts'
import { formatCount, formatHead, formatRow } from './report.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string' },
    split: { type: 'string', default: 'test' },
    modes: { type: 'string', default: 'vector,keyword,hybrid' },
  },
})
const origin = process.env['INIT_CWD'] ?? process.cwd()
const folder = positionals[0] === undefined ? retrievalFolder : resolve(origin, positionals[0])
const modelPath = values.model === undefined ? starterModel.path : resolve(origin, values.model)
const queries = await readJudgedQueries(folder, values.split)

await using temporary = await mkdtempDisposable(join(tmpdir(), 'quern-bench-'))
await using embedder = await openLlamaEmbedder({
  modelPath,
  ...(values.model === undefined ? { model: starterModel.name } : {}),
})
await using store = await openJsonStore({ path: temporary.path, mode: 'write', space: embedder.space })
await indexBeirFolder({ folder, embedder, store })
const { sources, chunks } = await store.stats()

console.log(`${await describeMachine(['node-llama-cpp'])}\n`)
console.log(
  `${formatCount(queries.length)} queries, ${formatCount(sources)} documents, ${formatCount(chunks)} chunks of at most ${embedder.maxTokens} tokens; model ${embedder.space.model}\n`,
)
console.log(formatHead(['mode', 'nDCG@10', 'recall@10', 'recall@100', 'MRR']))
for (const mode of values.modes.split(',') as SearchMode[]) {
  const { ndcg10, recall10, recall100, mrr } = await measureQuality({ store, embedder }, queries, mode)
  console.log(formatRow([mode, ...[ndcg10, recall10, recall100, mrr].map((figure) => figure.toFixed(3))]))
}
