import { textHash } from '@quern/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { embedTexts } from '../src/embed-texts.ts'
import { createBench, rejection, texts } from './bench.ts'
import { failingAt } from './failing-embedder.ts'
import { propertyRuns } from './property-runs.ts'

function chunksOf(count: number) {
  return Array.from({ length: count }, (_, i) => ({ embedText: `text ${i}`, textHash: textHash(`text ${i}`) }))
}

test('one bad text in a batch is found by halving, and fails alone', async () => {
  const chunks = chunksOf(64)
  const { embedder, requests } = failingAt((text) => text === 'text 37')
  const { vectors, refused, stoppedBy } = await embedTexts(chunks, { embedder, signal: undefined, onEmbedded() {} })
  expect(stoppedBy).toBeUndefined()
  expect([...refused.keys()]).toEqual([textHash('text 37')])
  expect(vectors.size).toBe(63)
  expect(requests.length).toBeLessThan(16)
})

test('whichever texts are bad, they alone fail, each other text has one vector, and the embedder is asked for none twice', async () => {
  const property = fc.asyncProperty(
    fc.integer({ min: 1, max: 60 }),
    fc.array(fc.nat({ max: 59 }), { maxLength: 6 }),
    async (count, bad) => {
      const chunks = chunksOf(count)
      const isBad = (text: string): boolean => bad.some((number) => text === `text ${number}`)
      const { embedder } = failingAt(isBad)
      const told: string[] = []
      const { vectors, refused, stoppedBy } = await embedTexts(chunks, {
        embedder,
        signal: undefined,
        onEmbedded: ({ embedText }) => void told.push(embedText),
      })
      const sound = chunks.filter(({ embedText }) => !isBad(embedText))
      expect(stoppedBy).toBeUndefined()
      expect([...vectors.keys()]).toEqual(sound.map((chunk) => chunk.textHash))
      expect(told).toEqual(sound.map(({ embedText }) => embedText))
      expect(refused.size).toBe(count - sound.length)
      expect(new Set(embedder.embedded).size).toBe(embedder.embedded.length)
    },
  )
  await fc.assert(property, propertyRuns(200))
})

test('an embedder that fails at several texts in a row is broken, though it answers questions, and no text is blamed', async () => {
  const chunks = chunksOf(100)
  const { embedder } = failingAt((text) => Number(text.slice(5)) >= 20)
  const { vectors, refused, stoppedBy } = await embedTexts(chunks, { embedder, signal: undefined, onEmbedded() {} })
  expect(stoppedBy).toMatchObject({ code: 'EMBEDDER_FAILED' })
  expect([vectors.size, refused.size]).toEqual([20, 0])
})

test('one that answers no question either is asked no more', async () => {
  const { embedder, requests } = failingAt((text) => text === 'text 5', false)
  const { vectors, stoppedBy } = await embedTexts(chunksOf(100), { embedder, signal: undefined, onEmbedded() {} })
  expect(stoppedBy).toMatchObject({ message: 'the server answered 500' })
  expect([requests.length, vectors.size]).toEqual([1, 4])
})

test('one that gives fewer vectors than texts is not believed', async () => {
  const { embedder } = failingAt(() => false)
  const few = Object.create(embedder, {
    embedDocuments: {
      async *value(all: Iterable<string>) {
        yield* embedder.embedDocuments([...all].slice(1))
      },
    },
  }) as typeof embedder
  const bench = createBench({ 'docs/a.md': 'a', 'docs/b.md': 'b\nc' })
  expect((await rejection(bench.run({ embedder: few }))).message).toBe('the embedder gave 2 vectors for 3 texts')
  expect(await texts(bench.store)).toEqual([])
})

test('the source of a text that fails alone keeps its rows, the run goes on, and the next one tries it again', async () => {
  const bench = createBench({ 'docs/a.md': 'a', 'docs/b.md': 'b', 'docs/c.md': 'c' })
  await bench.run()
  for (const name of ['a', 'b', 'c']) bench.corpus.files.set(`docs/${name}.md`, `${name} anew`)
  const { embedder } = failingAt((text) => text === 'b anew')
  const report = await bench.run({ embedder })
  expect(report.sources).toMatchObject({ changed: 2, failed: 1 })
  expect(bench.events.find(({ type }) => type === 'source-failed')).toMatchObject({
    source: 'docs/b.md',
    code: 'EMBEDDER_FAILED',
  })
  expect(await texts(bench.store)).toEqual(['docs/a.md: a anew', 'docs/b.md: b', 'docs/c.md: c anew'])
  expect((await bench.run()).sources).toMatchObject({ changed: 1, unchanged: 2, failed: 0 })
})
