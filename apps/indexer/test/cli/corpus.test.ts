import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { corpusFolder, temporaryFolder } from '@quern/test-fixtures'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInProcess } from './run-in-process.ts'
import { runIndexer } from './run-indexer.ts'
import type { IndexerResult } from './run-indexer.ts'

/** The table of questions in corpus-licences.md. */
async function readQuestions(): Promise<{ question: string; answer: string }[]> {
  const text = await readFile(join(corpusFolder, '..', 'corpus-licences.md'), 'utf8')
  return Array.from(text.matchAll(/^\| ([^|]+\?) \| (\S+) \|$/gm), ([, question = '', answer = '']) => ({
    question,
    answer,
  }))
}

const questions = await readQuestions()
let temporary: Awaited<ReturnType<typeof temporaryFolder>>
let firstRun: IndexerResult

beforeAll(async () => {
  temporary = await temporaryFolder()
  firstRun = await runIndexer(['run', corpusFolder, '--json'], { cwd: temporary.path })
}, 120_000)

afterAll(() => temporary[Symbol.asyncDispose]())

describe('the corpus, with the bundled model', () => {
  test('is indexed without a fault', () => {
    const { stderr, exitCode } = firstRun
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 })
    expect(firstRun.events().at(-1)).toMatchObject({ type: 'run-finished', sources: { new: 12, failed: 0 } })
  })

  test('has five questions', () => {
    expect(questions).toHaveLength(5)
  })

  test.for(questions)(
    'answers "$question" from $answer among the first three documents',
    async ({ question, answer }) => {
      const result = await runInProcess(['search', question, '--mode', 'vector', '--limit', '10', '--json'], {
        cwd: temporary.path,
      })
      const sources = result.events().map(({ metadata }) => (metadata as { source: string }).source)
      expect([...new Set(sources)].slice(0, 3)).toContain(`corpus/${answer}`)
    },
  )

  test('cites the page of a PDF', async () => {
    const query = 'How can I recover data from a damaged bzip2 file?'
    const filter = 'source=corpus/compression/bzip2-manual.pdf'
    const result = await runInProcess(['search', query, '--filter', filter, '--limit', '1', '--json'], {
      cwd: temporary.path,
    })
    const [hit] = result.events() as { pageContent: string; metadata: { page: number; pageCount: number } }[]
    expect(hit?.pageContent).toContain('bzip2recover')
    expect(hit?.metadata.page).toBeGreaterThan(1)
    expect(hit?.metadata.page).toBeLessThanOrEqual(hit?.metadata.pageCount ?? 0)
  })
})
