import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { refuseLlamaHook, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { runInProcess } from './run-in-process.ts'
import { runIndexer } from './run-indexer.ts'
import { writeDocs, writeStore } from './stored-project.ts'

/** The lines of a file, whatever their order. */
function lines(text = ''): string[] {
  return text.split('\n').toSorted()
}

test('the backend is changed by one line and a copy, and nothing is embedded again', { timeout: 180_000 }, async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeDocs(cwd, 6)
  await writeFile(join(cwd, 'indexer.config.yaml'), 'sources: [docs]\nstore: json\n')
  await runInProcess(['run'], { cwd })

  await writeFile(join(cwd, 'indexer.config.yaml'), 'sources: [docs]\nstore: lancedb\n')
  const early = await runInProcess(['status'], { cwd })
  expect([early.exitCode, early.stderr]).toEqual([2, expect.stringContaining('indexer copy --from json')])
  const copied = await runInProcess(['copy', '--from', 'json', '--json'], { cwd })
  expect(copied.events().at(-1)).toMatchObject({
    sources: { copied: 6 },
    to: { type: 'lancedb', path: join(cwd, '.quern-lancedb') },
    exitCode: 0,
  })
  const engineless = { cwd, nodeOptions: ['--import', refuseLlamaHook] }
  expect((await runIndexer(['run', '--json'], engineless)).events().at(-1)).toMatchObject({
    sources: { new: 0, unchanged: 6 },
    chunks: { embedded: 0, written: 0 },
  })
  const found = await runInProcess(['search', 'note number 3', '--limit', '1', '--json'], { cwd })
  expect(found.events()).toMatchObject([{ metadata: { source: 'docs/3.txt' } }])
  expect((await runInProcess(['verify', '--samples', '3', '--json'], { cwd })).events().at(-1)).toMatchObject({
    sources: 6,
    samples: 3,
    findings: 0,
    exitCode: 0,
  })
  expect((await runInProcess(['status', '--json'], { cwd })).events()).toMatchObject([{ store: { type: 'lancedb' } }])
  expect((await readdir(cwd)).toSorted()).toEqual(['.quern', '.quern-lancedb', 'docs', 'indexer.config.yaml'])
})

test(
  'a run that begins an empty store says that the vectors of the other one can be brought over',
  { timeout: 180_000 },
  async () => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    await writeDocs(cwd, 2)
    await runInProcess(['run', 'docs'], { cwd })
    const { stderr, exitCode } = await runInProcess(['run', 'docs', '--store', 'lancedb'], { cwd })
    expect(exitCode).toBe(0)
    expect(stderr).toMatch(
      /^the store is new, and .*\.quern \(json\) has 2 chunks of the same model; .*: indexer --store lancedb copy --from json\n/,
    )
    expect((await runInProcess(['run', 'docs', '--store', 'lancedb'], { cwd })).stderr).toBe('')
  },
)

test('a store goes from JSON to LanceDB and back unchanged, and through a file', { timeout: 180_000 }, async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeStore(join(cwd, '.quern'), 12)
  await runInProcess(['copy', '--to', 'lancedb:lance'], { cwd })
  await runInProcess(['copy', '--from', 'lance', '--to', 'json:back'], { cwd })
  const names = ['.quern', 'lance', 'back']
  for (const name of names) {
    const type = name === 'lance' ? 'lancedb' : 'json'
    await runInProcess(['export', `${name}.jsonl`, '--store', type, '--store-path', name], { cwd })
  }
  const [first, ...others] = await Promise.all(names.map((name) => readFile(join(cwd, `${name}.jsonl`), 'utf8')))
  expect(first).toContain('"end":{"sources":12,"chunks":24}')
  expect(others.map(lines)).toEqual([lines(first), lines(first)])
  const imported = await runInProcess(['import', 'lance.jsonl', '--store', 'lancedb', '--json'], { cwd })
  expect(imported.events().at(-1)).toMatchObject({ sources: { copied: 12 }, store: { type: 'lancedb' } })
})

test('filterable keys of the configuration are filtered by', { timeout: 180_000 }, async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeDocs(cwd, 3)
  await writeFile(join(cwd, 'docs', 'page.html'), '<title>Wheels</title><p>Note on wheels.</p>')
  const store = { type: 'lancedb', filterable: { mediaType: 'string' } }
  await writeFile(join(cwd, 'indexer.config.json'), JSON.stringify({ sources: ['docs'], store }))
  expect((await runInProcess(['run'], { cwd })).exitCode).toBe(0)
  const found = await runInProcess(['search', 'wheels', '--filter', 'mediaType=text/html', '--json'], { cwd })
  expect(found.events()).toMatchObject([{ metadata: { source: 'docs/page.html' } }])
})

test(
  'a store whose newest version was torn by a loss of power is named, and repaired',
  { timeout: 180_000 },
  async () => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    await writeStore(join(cwd, '.quern'), 12)
    await runInProcess(['copy', '--to', 'lancedb'], { cwd })
    const versions = join(cwd, '.quern-lancedb', 'chunks.lance', '_versions')
    // The names count down: the newest comes first.
    const [newest = ''] = (await readdir(versions)).filter((name) => name.endsWith('.manifest')).toSorted()
    await truncate(join(versions, newest), 0)
    const lance = ['--store', 'lancedb', '--samples', '0']
    const torn = await runInProcess(['verify', ...lance], { cwd })
    expect([torn.exitCode, torn.stderr]).toEqual([
      11,
      expect.stringContaining('indexer --store lancedb verify --repair'),
    ])
    const repaired = await runInProcess(['verify', '--repair', ...lance], { cwd })
    expect([0, 3]).toContain(repaired.exitCode)
    expect(repaired.stdout).toMatch(/^mended /m)
    expect((await runInProcess(['verify', ...lance], { cwd })).exitCode).toBe(0)
    const again = await runInProcess(['copy', '--to', 'lancedb', '--json'], { cwd })
    expect(again.events().at(-1)).toMatchObject({ exitCode: 0 })
    expect((await runInProcess(['status', '--store', 'lancedb', '--json'], { cwd })).events()).toMatchObject([
      { sources: 12, chunks: 24 },
    ])
  },
)
