import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createChunker } from '@quern/chunker'
import { createMemoryStore } from '@quern/core'
import { openFileLoader } from '@quern/loader'
import type { Reader } from '@quern/loader'
import { indexCorpus } from '@quern/pipeline'
import type { PipelineEvent, RunReport } from '@quern/pipeline'
import { createFakeEmbedder, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'

/** Reads files of one ending; those that say so take for ever. */
const slowReader: Reader = {
  name: 'slow',
  version: 1,
  mediaType: 'text/plain',
  extensions: ['.slow'],
  async read({ bytes }) {
    const pageContent = Buffer.from(bytes).toString('utf8')
    if (pageContent.includes('for ever')) await new Promise(() => {})
    return { pageContent, metadata: {} }
  },
}

test('a parser that takes too long fails its source alone: it keeps its rows, and is tried again by the next run', async () => {
  await using folder = await temporaryFolder()
  const docs = join(folder.path, 'docs')
  await mkdir(docs)
  const write = (name: string, text: string): Promise<void> => writeFile(join(docs, name), text)
  for (const name of ['a.slow', 'b.slow', 'c.md']) await write(name, `What ${name} says.\n`)

  const { space } = createFakeEmbedder()
  const store = createMemoryStore({ space })
  const failures: PipelineEvent[] = []
  const run = async (): Promise<RunReport> => {
    failures.length = 0
    const embedder = createFakeEmbedder({ maxTokens: 1000 })
    await using loader = await openFileLoader({
      roots: [{ path: docs, name: 'docs' }],
      readers: [slowReader],
      loadTimeoutMs: 200,
    })
    const chunker = createChunker({ maxTokens: 100, countTokens: (text) => embedder.countTokens(text) })
    const onEvent = (event: PipelineEvent): void => {
      if (event.type === 'source-failed') failures.push(event)
    }
    return indexCorpus({ loader, chunker, embedder, store, onEvent })
  }
  const stored = async (): Promise<string[]> =>
    (await Array.fromAsync(store.getChunks())).map(({ pageContent }) => pageContent.trim()).toSorted()

  await run()
  await write('a.slow', 'This is read for ever.\n')
  await write('b.slow', 'What b.slow says now.\n')
  const report = await run()
  expect(report.sources).toMatchObject({ changed: 1, unchanged: 1, failed: 1 })
  expect(failures).toMatchObject([{ source: 'docs/a.slow', code: 'TIMEOUT' }])
  expect(await stored()).toEqual(['What a.slow says.', 'What b.slow says now.', 'What c.md says.'])

  await write('a.slow', 'This is read at once.\n')
  expect((await run()).sources).toMatchObject({ changed: 1, unchanged: 2, failed: 0 })
  expect(await stored()).toEqual(['This is read at once.', 'What b.slow says now.', 'What c.md says.'])
})
