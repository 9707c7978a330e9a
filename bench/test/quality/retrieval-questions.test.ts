import { join } from 'node:path'
import type { Embedder, SearchMode, VectorStore } from '@quern/core'
import { openLlamaEmbedder } from '@quern/embedder'
import { starterModel } from '@quern/model-starter'
import { openJsonStore } from '@quern/store-json'
import { openLanceStore } from '@quern/store-lancedb'
import { retrievalFolder, temporaryFolder } from '@quern/test-fixtures'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readJudgedQueries } from '../../src/quality/beir-folder.ts'
import { indexBeirFolder } from '../../src/quality/index-beir-folder.ts'
import { measureQuality } from '../../src/quality/measure-quality.ts'

const queries = await readJudgedQueries(retrievalFolder, 'test')
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let embedder: Embedder

beforeAll(async () => {
  folder = await temporaryFolder()
  embedder = await openLlamaEmbedder({ modelPath: starterModel.path, model: starterModel.name })
})

afterAll(async () => {
  await embedder[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const stores: [string, (path: string) => Promise<VectorStore>][] = [
  ['JSON', (path) => openJsonStore({ path, mode: 'write', space: embedder.space })],
  ['LanceDB', (uri) => openLanceStore({ uri, mode: 'write', space: embedder.space })],
]

describe('the bundled model on the questions of the repository', () => {
  test('67 questions are judged', () => {
    expect(queries).toHaveLength(67)
  })

  // A little below what was measured when the questions were written: bench/README.md, quality.
  test.each(stores)(
    'finds with the %s store what it found before, and by vector and words together the most',
    async (name, open) => {
      await using store = await open(join(folder.path, name))
      await indexBeirFolder({ folder: retrievalFolder, embedder, store })
      const ndcg10 = async (mode: SearchMode) => (await measureQuality({ store, embedder }, queries, mode)).ndcg10
      const [vector, keyword, hybrid] = [await ndcg10('vector'), await ndcg10('keyword'), await ndcg10('hybrid')]
      expect(vector).toBeGreaterThan(0.6)
      expect(keyword).toBeGreaterThan(0.72)
      expect(hybrid).toBeGreaterThan(0.75)
      expect(hybrid).toBeGreaterThan(Math.max(vector, keyword))
    },
  )
})
