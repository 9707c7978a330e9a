import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { openJsonStore } from '@quern/store-json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runInProcess } from './run-in-process.ts'
import type { IndexerResult } from './run-indexer.ts'
import { embeddedSource, embedder, writeDocs } from './stored-project.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>

/** Runs a command over a store whose model is nowhere: none of these commands needs it. */
async function inspect(...arguments_: string[]): Promise<IndexerResult> {
  return runInProcess(arguments_, { cwd: folder.path })
}

beforeAll(async () => {
  folder = await temporaryFolder()
  await using store = await openJsonStore({ path: join(folder.path, '.quern'), mode: 'write', space: embedder.space })
  await store.commit({
    put: await Promise.all([
      embeddedSource('docs/mill.md', ['a quern grinds grain into flour', 'the miller sleeps at night']),
      embeddedSource('docs/copy.md', ['a quern grinds grain into flour', 'the miller sleeps at night']),
      embeddedSource('docs/bakery.md', ['the baker buys flour of the miller', 'bread is baked at night']),
      embeddedSource('docs/deep/sea.md', ['ships sail on open water', 'fishes swim below']),
    ]),
  })
  await mkdir(join(folder.path, 'docs', 'deep'), { recursive: true })
  await writeFile(join(folder.path, 'docs', 'mill.md'), 'a quern grinds grain into flour\n')
})

afterAll(() => folder[Symbol.asyncDispose]())

describe('show', () => {
  test('prints a source with its chunks in order, under its id or the path of its file', async () => {
    const byId = await inspect('show', 'docs/mill.md')
    expect([byId.exitCode, byId.stderr]).toEqual([0, ''])
    expect(byId.stdout).toMatch(/^source {4}docs\/mill\.md\n/)
    expect(byId.stdout).toMatch(
      /chunk 0 .*\n[^]* {2}a quern grinds grain into flour\n[^]*chunk 1 .*\n[^]* {2}the miller sleeps/,
    )
    expect(byId.stdout).not.toContain('vector')
    for (const path of ['./docs/mill.md', join(folder.path, 'docs', 'mill.md')]) {
      expect((await inspect('show', path)).stdout).toBe(byId.stdout)
    }
  })

  test('prints a chunk a line under --json, with the numbers of its vector where they are asked for', async () => {
    const chunks = (await inspect('show', 'docs/mill.md', '--json', '--vector')).events()
    expect(chunks.map(({ pageContent }) => pageContent)).toEqual([
      'a quern grinds grain into flour',
      'the miller sleeps at night',
    ])
    expect(chunks[0]?.['vector']).toHaveLength(embedder.space.dimensions)
    expect(chunks[0]).toMatchObject({
      metadata: { source: 'docs/mill.md', chunk: 0 },
      createdAt: '2026-11-24T08:00:00.000Z',
    })
    expect((await inspect('show', 'docs/mill.md', '--json')).events()[0]).not.toHaveProperty('vector')
  })

  test('prints one chunk by its id, or by how the id begins', async () => {
    const [, second] = (await inspect('show', 'docs/mill.md', '--json')).events()
    const id = String(second?.['id'])
    for (const typed of [id, id.slice(0, 12)]) {
      expect((await inspect('show', typed, '--json')).events()).toEqual([second])
    }
    const plain = await inspect('show', id, '--vector')
    expect(plain.stdout).toContain('the miller sleeps at night')
    expect(plain.stdout).toMatch(/vector +-?\d\.\d{6} /)
  })

  test('names close matches of what is not stored', async () => {
    const misspelt = await inspect('show', 'docs/mil.md', '--json')
    expect(misspelt.exitCode).toBe(2)
    expect(JSON.parse(misspelt.stderr)).toEqual({
      type: 'error',
      code: 'SOURCE_NOT_FOUND',
      message: 'the store has no source docs/mil.md',
      hint: 'Did you mean: docs/mill.md',
    })
    expect((await inspect('show', 'sea.md')).stderr).toContain('docs/deep/sea.md')
    expect((await inspect('show', 'nothing-like-it')).stderr).toContain('indexer search')
  })
})

describe('search --similar-to', () => {
  test('finds documents like one, nearest first, without a model', async () => {
    const result = await inspect('search', '--similar-to', 'docs/mill.md', '--limit', '2', '--json')
    expect([result.exitCode, result.stderr]).toEqual([0, ''])
    const hits = result.events() as { rank: number; score: number; metadata: { source: string } }[]
    expect(hits.map(({ rank, metadata }) => [rank, metadata.source])).toEqual([
      [1, 'docs/copy.md'],
      [2, 'docs/bakery.md'],
    ])
    expect(hits[0]?.score).toBeCloseTo(1, 5)
    const filtered = await inspect('search', '--similar-to', 'docs/mill.md', '--filter', 'source=docs/deep/*')
    expect(filtered.stdout).toMatch(/^1\. .* docs\/deep\/sea\.md:1/)
  })

  test('stands in place of a question, and compares vectors', async () => {
    for (const wrong of [
      ['search'],
      ['search', 'flour', '--similar-to', 'docs/mill.md'],
      ['search', '--similar-to', 'docs/mill.md', '--mode', 'keyword'],
    ]) {
      expect((await inspect(...wrong)).exitCode).toBe(2)
    }
    const missing = await inspect('search', '--similar-to', 'docs/mill')
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining('docs/mill.md')])
  })
})

describe('report', () => {
  test('writes one page, again over an earlier one, and over nothing else', async () => {
    const first = await inspect('report', '--json', '--output', 'page.html')
    expect(first.events().at(-1)).toMatchObject({
      type: 'report-finished',
      chunks: 8,
      onMap: 8,
      nearDuplicates: 1,
      exitCode: 0,
    })
    const page = await readFile(join(folder.path, 'page.html'), 'utf8')
    expect(page).toMatch(/^<!doctype html>/)
    expect(page).toContain('ships sail on open water')
    expect((await inspect('report', '--quiet', '--output', 'page.html')).exitCode).toBe(0)

    await writeFile(join(folder.path, 'mine.html'), '<p>mine</p>')
    const refused = await inspect('report', '--output', 'mine.html')
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('--overwrite')])
    expect(await readFile(join(folder.path, 'mine.html'), 'utf8')).toBe('<p>mine</p>')
    expect((await inspect('report', '--output', 'none/there.html')).exitCode).toBe(2)
  })
})

test('status tells of the last run, its failures, and what is out of date since, also where only the run named the sources', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeDocs(cwd, 3)
  await writeFile(join(cwd, 'docs', 'broken.docx'), 'no archive')
  expect((await runInProcess(['run', 'docs'], { cwd })).exitCode).toBe(3)
  await rm(join(cwd, 'docs', '0.txt'))
  await writeFile(join(cwd, 'docs', 'new.txt'), 'A new note.\n')
  const { stdout } = await runInProcess(['status'], { cwd })
  expect(stdout).toMatch(
    /^last run {5}\S+Z: 3 new · 1 failed · 3 chunks embedded · .* · exit code 3\n +failed: docs\/broken\.docx /m,
  )
  expect(stdout).toMatch(/^out of date {2}2 new · 1 deleted; mend with: indexer run docs$/m)
  expect(stdout).toMatch(/^vector cache off/m)
  const [status] = (await runInProcess(['status', '--json'], { cwd })).events()
  expect(status).toMatchObject({
    store: { type: 'json', path: join(cwd, '.quern'), bytes: expect.any(Number) },
    space: { model: 'starter-embed-en', dimensions: 256, fingerprint: expect.any(String) },
    sources: 3,
    chunks: 3,
    createdAt: expect.any(String),
    updatedAt: expect.any(String),
    lastRun: { exitCode: 3, failures: [{ source: 'docs/broken.docx', code: expect.any(String) }] },
    outOfDate: { new: 2, changed: 0, moved: 0, deleted: 1, unchanged: 2, failed: 0 },
    vectorCache: { enabled: false, bytes: 0 },
  })
})
