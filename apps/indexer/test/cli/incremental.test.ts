import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { refuseLlamaHook, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { runInProcess } from './run-in-process.ts'
import { runIndexer } from './run-indexer.ts'
import type { IndexerOptions } from './run-indexer.ts'

const guide = Array.from(
  { length: 12 },
  (_, i) => `## Step ${i}\n\n${`Step ${i} of the guide tells what to do with lever number ${i}. `.repeat(12)}\n`,
).join('\n')

const files: Record<string, string> = {
  'guide.md': `---\ntitle: The guide\n---\n# The guide\n\n${guide}`,
  'page.html':
    '<html><head><title>Backups</title></head><body><h1>Backups</h1><p>Restore a backup with the restore command.</p></body></html>',
  'notes.txt': 'Bread needs flour, water, salt and patience.\n',
}

async function writeDocs(folder: string): Promise<string> {
  const docs = join(folder, 'docs')
  await mkdir(docs)
  for (const [name, text] of Object.entries(files)) await writeFile(join(docs, name), text)
  return docs
}

/** What the last line of a run says, timing left out. */
interface Finished {
  readonly type: string
  readonly sources: Record<string, number>
  readonly chunks: { embedded: number; reused: number; written: number; deleted: number }
  readonly tokens: number
  readonly exitCode: number
}

async function run(options: IndexerOptions, ...more: string[]): Promise<Finished> {
  const result = await (options.nodeOptions === undefined ? runInProcess : runIndexer)(
    ['run', 'docs', '--json', ...more],
    options,
  )
  expect(result.stderr).toBe('')
  return result.events().at(-1) as unknown as Finished
}

const none = { new: 0, changed: 0, moved: 0, deleted: 0, unchanged: 0, failed: 0 }

test('a run pays only for what changed', async () => {
  await using temporary = await temporaryFolder()
  const docs = await writeDocs(temporary.path)
  const options = { cwd: temporary.path }

  const first = await run(options)
  expect(first).toMatchObject({ type: 'run-finished', sources: { ...none, new: 3 }, exitCode: 0 })
  expect(first.chunks.embedded).toBeGreaterThan(5)
  expect(first.chunks).toMatchObject({ reused: 0, written: first.chunks.embedded, deleted: 0 })

  const second = await run(options)
  expect(second).toMatchObject({
    sources: { ...none, unchanged: 3 },
    chunks: { embedded: 0, reused: 0, written: 0, deleted: 0 },
    tokens: 0,
  })

  const text = await readFile(join(docs, 'guide.md'), 'utf8')
  await writeFile(join(docs, 'guide.md'), text.replaceAll('lever number 7', 'wheel number 7'))
  const edited = await run(options)
  expect(edited.sources).toEqual({ ...none, changed: 1, unchanged: 2 })
  expect(edited.chunks.embedded).toBeGreaterThan(0)
  expect(edited.chunks.embedded).toBeLessThan(edited.chunks.written / 2)
  expect(edited.chunks.embedded + edited.chunks.reused).toBe(edited.chunks.written)

  await rename(join(docs, 'page.html'), join(docs, 'backups.html'))
  const renamed = await run(options)
  expect(renamed.sources).toEqual({ ...none, moved: 1, unchanged: 2 })
  expect(renamed.chunks.embedded).toBe(0)

  await rm(join(docs, 'notes.txt'))
  const removed = await run(options)
  expect(removed.sources).toEqual({ ...none, deleted: 1, unchanged: 2 })
  expect(removed.chunks).toEqual({ embedded: 0, reused: 0, written: 0, deleted: 1 })
})

test('a run with nothing to do works even where the embedding engine cannot be loaded, and writes nothing', async () => {
  await using temporary = await temporaryFolder()
  const docs = await writeDocs(temporary.path)
  const withoutEngine = { cwd: temporary.path, nodeOptions: ['--import', refuseLlamaHook] }

  const refused = await runIndexer(['run', 'docs'], withoutEngine)
  expect(refused.exitCode).not.toBe(0)
  expect(refused.stderr).toContain('the embedding engine was loaded')

  await run({ cwd: temporary.path })
  const status = await runInProcess(['status', '--json'], { cwd: temporary.path })
  expect(await run(withoutEngine)).toMatchObject({ sources: { ...none, unchanged: 3 }, exitCode: 0 })
  const after = await runInProcess(['status', '--json'], { cwd: temporary.path })
  // What is remembered of the run itself is not in the store.
  expect({ ...after.events()[0], lastRun: undefined }).toEqual({ ...status.events()[0], lastRun: undefined })

  await appendFile(join(docs, 'notes.txt'), 'And an oven.\n')
  const planned = await runIndexer(['plan', 'docs', '--json'], withoutEngine)
  expect(planned.stderr).toContain('the embedding engine was loaded')
})

test('plan says what run then does, writes nothing, and names the ids', async () => {
  await using temporary = await temporaryFolder()
  const docs = await writeDocs(temporary.path)
  const options = { cwd: temporary.path }
  await run(options)
  await rename(join(docs, 'page.html'), join(docs, 'backups.html'))
  await rm(join(docs, 'notes.txt'))
  await writeFile(join(docs, 'new.txt'), 'Something new under the sun.\n')
  await writeFile(join(docs, 'broken.pdf'), '%PDF-1.7 and then nothing that a reader could use')

  const planned = await runInProcess(['plan', 'docs', '--json'], options)
  expect(planned.exitCode).toBe(3)
  expect(planned.events()).toEqual([
    {
      sources: { ...none, new: 1, moved: 1, deleted: 1, unchanged: 1, failed: 1 },
      chunks: { toEmbed: 1, reused: 1 },
      estimatedMs: expect.any(Number),
      ids: {
        new: ['docs/new.txt'],
        changed: [],
        moved: [{ from: 'docs/page.html', to: 'docs/backups.html' }],
        deleted: ['docs/notes.txt'],
        unchanged: ['docs/guide.md'],
        failed: ['docs/broken.pdf'],
        refreshed: [],
      },
    },
  ])
  const dryRun = await runInProcess(['run', 'docs', '--dry-run'], options)
  expect(dryRun.stdout).toContain('moved    docs/page.html → docs/backups.html\n')

  const ran = await runInProcess(['run', 'docs', '--json'], options)
  expect(ran.exitCode).toBe(3)
  expect(ran.events().at(-1)).toMatchObject({
    sources: { ...none, new: 1, moved: 1, deleted: 1, unchanged: 1, failed: 1 },
    chunks: { embedded: 1, reused: 1 },
    exitCode: 3,
  })
  expect(ran.events()).toContainEqual(
    expect.objectContaining({ type: 'source-failed', source: 'docs/broken.pdf', code: 'CORRUPT' }),
  )
})

test('search finds what was indexed, as text and as JSON', async () => {
  await using temporary = await temporaryFolder()
  await writeDocs(temporary.path)
  const options = { cwd: temporary.path }
  await run(options)

  const found = await runInProcess(['search', 'how do I restore a backup?', '--json', '--limit', '2'], options)
  const [best, ...others] = found.events()
  expect(others).toHaveLength(1)
  expect(best).toEqual({
    rank: 1,
    score: expect.any(Number),
    id: expect.stringMatching(/^[0-9a-f]+$/),
    pageContent: expect.stringContaining('Restore a backup'),
    metadata: expect.objectContaining({ source: 'docs/page.html', chunk: 0, title: 'Backups' }),
  })

  const listed = await runInProcess(['search', 'how do I restore a backup?', '--limit', '1'], options)
  expect(listed.stdout).toMatch(/^1\. 1\.000 {2}docs\/page\.html\n {3}Backups\n/)

  const filtered = await runInProcess(
    ['search', 'backup', '--filter', 'source=docs/*', '--filter', 'mediaType=text/plain', '--json'],
    options,
  )
  expect(filtered.events().map(({ metadata }) => (metadata as { source: string }).source)).toEqual(['docs/notes.txt'])
})

test('status tells what the store holds, the label of the starter model, and what is out of date', async () => {
  await using temporary = await temporaryFolder()
  const docs = await writeDocs(temporary.path)
  const options = { cwd: temporary.path }
  await writeFile(join(temporary.path, 'indexer.config.yaml'), 'sources: [docs]\n')
  const first = await runInProcess(['run'], options)
  expect(first.stdout).toContain('starter model')

  const status = await runInProcess(['status', '--json'], options)
  expect(status.events()).toEqual([
    {
      store: { type: 'json', path: join(temporary.path, '.quern'), bytes: expect.any(Number) },
      space: {
        model: expect.any(String),
        dimensions: expect.any(Number),
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      sources: 3,
      chunks: expect.any(Number),
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
      lastRun: expect.objectContaining({ exitCode: 0, failures: [] }),
      outOfDate: { ...none, unchanged: 3 },
      vectorCache: { path: expect.any(String), enabled: false, bytes: 0 },
      unfinished: [],
    },
  ])
  expect((await runInProcess(['status'], options)).stdout).toMatch(/starter model[^]*out of date {2}nothing/)
  await rm(join(docs, 'notes.txt'))
  expect((await runInProcess(['status'], options)).stdout).toContain('out of date  1 deleted; mend with: indexer run')
})
