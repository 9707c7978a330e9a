import { appendFile, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { temporaryFolder } from '@quern/test-fixtures'
import type { Document, ListingEntry } from '@quern/core'
import { loadFile, openFileLoader } from '../../src/index.ts'
import type { FileLoader, RecordRule } from '../../src/index.ts'
import { onlySource } from '../list-entries.ts'
import { writeTree } from '../write-tree.ts'

interface Corpus extends AsyncDisposable {
  readonly path: string
  readonly loader: FileLoader
}

async function openCorpus(
  files: Record<string, string | Uint8Array>,
  records: readonly RecordRule[] = [],
): Promise<Corpus> {
  const folder = await temporaryFolder()
  const path = join(folder.path, 'r')
  await writeTree(path, files)
  const loader = await openFileLoader({ roots: [{ path }], records })
  return {
    path,
    loader,
    async [Symbol.asyncDispose]() {
      await loader.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

function line(entry: ListingEntry): string {
  return entry.type === 'source' ? entry.source.id : `${entry.id} ${entry.reason}: ${entry.detail}`
}

async function listAll({ loader }: Corpus): Promise<ListingEntry[]> {
  return Array.fromAsync(loader.list())
}

async function loadAll(corpus: Corpus): Promise<Document[]> {
  const sources = (await listAll(corpus)).flatMap((entry) => (entry.type === 'source' ? [entry.source] : []))
  return Promise.all(sources.map(async (source) => (await source.load()).document))
}

async function listStates(corpus: Corpus): Promise<unknown[]> {
  const entries = await listAll(corpus)
  return entries.map(
    (entry) => entry.type === 'source' && [entry.source.id, entry.source.contentHash, entry.source.size],
  )
}

test('each line of JSON Lines is a source with its own id, text and metadata', async () => {
  const lines = [
    { id: 4711, title: 'Stones', text: 'They wear.', author: 'Ada', views: 3, long: 'x'.repeat(2000) },
    { id: 'b', text: 'Second.\r\nLine.', tags: ['x'] },
  ]
  await using corpus = await openCorpus({
    'news.jsonl': `\uFEFF${lines.map((value) => JSON.stringify(value)).join('\r\n')}\n\n`,
  })
  const [first, second] = await loadAll(corpus)
  expect(first).toEqual({
    id: 'r/news.jsonl#4711',
    pageContent: 'They wear.',
    metadata: {
      source: 'r/news.jsonl#4711',
      title: 'Stones',
      author: 'Ada',
      views: 3,
      mediaType: 'application/x-ndjson',
    },
    segments: [{ start: 0, end: 10, record: '4711' }],
  })
  expect(second).toMatchObject({ pageContent: 'Second.\nLine.', metadata: { title: 'b', tags: ['x'] } })
})

test('a bad record is left out with its line, and protects all of its file', async () => {
  const bad = Buffer.concat([
    Buffer.from('{"id":1,"text":"a"}\n{"id":\n[1]\n"plain"\n{"id":1,"text":"b"}\n{"id":""}\n'),
    Buffer.from([0x22, 0xff, 0x22]),
  ])
  await using corpus = await openCorpus({ 'x.ndjson': bad })
  const entries = (await listAll(corpus)).map(line)
  expect(entries).toEqual([
    'r/x.ndjson#1',
    expect.stringMatching(/^r\/x\.ndjson BAD_RECORD: the record on line 2 is left out: it is no JSON/),
    'r/x.ndjson BAD_RECORD: the record on line 3 is left out: it is no JSON object',
    expect.stringMatching(/^r\/x\.ndjson#[0-9a-f]{32}$/),
    'r/x.ndjson BAD_RECORD: the record on line 5 is left out: another record before it has the id "1"',
    'r/x.ndjson BAD_RECORD: the record on line 6 is left out: its column "id" holds no id',
    'r/x.ndjson BAD_RECORD: the record on line 7 is left out: it is not UTF-8',
  ])
})

test('a thousand bad records do not flood', async () => {
  await using corpus = await openCorpus({ 'x.jsonl': '?\n'.repeat(1000) })
  const entries = (await listAll(corpus)).map(line)
  expect(entries).toHaveLength(21)
  expect(entries.at(-1)).toContain('980 more records are left out')
})

test('rows of CSV are records where a rule says so, else the file is a document', async () => {
  const csv = 'key;head;body;note\r\n1;"A;1";"one\ntwo";x\r\n2;B;three;y\r\n'
  const rule = { files: ['data/*.csv'], id: 'key', text: ['head', 'body'], title: 'head', metadata: ['note'] }
  await using corpus = await openCorpus({ 'data/a.csv': csv, 'b.csv': csv }, [rule])
  const [plain, first, second] = await loadAll(corpus)
  expect(plain).toMatchObject({ id: 'r/b.csv', pageContent: csv.replaceAll('\r\n', '\n') })
  expect(first).toMatchObject({
    id: 'r/data/a.csv#1',
    pageContent: 'A;1\n\none\ntwo',
    metadata: { title: 'A;1', note: 'x', mediaType: 'text/csv' },
  })
  expect(second).toMatchObject({ id: 'r/data/a.csv#2', pageContent: 'B\n\nthree' })
})

test('rows that do not fit the header, double columns and an open quote are told with their line', async () => {
  await using corpus = await openCorpus(
    { 'a.csv': 'id,text\n1,a\n2\n3,c,d\n4,e\n', 'b.csv': 'id,id\n1,2\n', 'c.csv': 'id,text\n1,a\n2,"b\n3,c\n' },
    [{ files: ['*.csv'] }],
  )
  expect((await listAll(corpus)).map(line)).toEqual([
    'r/a.csv#1',
    'r/a.csv BAD_RECORD: the record on line 3 is left out: it has 1 columns instead of 2',
    'r/a.csv BAD_RECORD: the record on line 4 is left out: it has 3 columns instead of 2',
    'r/a.csv#4',
    'r/b.csv BAD_RECORD: two of its columns are named "id"',
    'r/c.csv#1',
    expect.stringMatching(/^r\/c\.csv BAD_RECORD: after line 3 it cannot be read on: Quote Not Closed/),
  ])
})

test('without columns of the usual names all columns are the text, and the content is the id', async () => {
  await using corpus = await openCorpus({ 'x.jsonl': '{"a":1,"b":"two"}\n{"a":1,"b":"two"}\n' })
  const documents = await loadAll(corpus)
  expect(documents.map(({ pageContent }) => pageContent)).toEqual(['a: 1\nb: two', 'a: 1\nb: two'])
  const [first, second] = documents.map(({ id }) => id)
  expect(second).toBe(`${first}-2`)
})

test('an insertion above leaves the ids and hashes of the others alone', async () => {
  const lines = ['{"text":"one"}', '{"text":"two"}']
  await using before = await openCorpus({ 'x.jsonl': lines.join('\n') })
  await using after = await openCorpus({ 'x.jsonl': ['{"text":"zero"}', ...lines].join('\n') })
  expect((await listStates(after)).slice(1)).toEqual(await listStates(before))
})

test('a file that changes after the listing is not read as what it was', async () => {
  await using corpus = await openCorpus({ 'x.jsonl': '{"text":"one"}\n' })
  const source = await onlySource(corpus.loader)
  await appendFile(join(corpus.path, 'x.jsonl'), '{"text":"two"}\n')
  await expect(source.load()).rejects.toMatchObject({ code: 'CHANGED_WHILE_READING' })
  await truncate(join(corpus.path, 'x.jsonl'), 3)
  await expect(source.load()).rejects.toMatchObject({ code: 'CHANGED_WHILE_READING' })
  await rm(join(corpus.path, 'x.jsonl'))
  await expect(source.load()).rejects.toMatchObject({ code: 'UNREADABLE' })
})

test('records that are gone belong to the loader, rows of other files do not', async () => {
  await using corpus = await openCorpus({ 'x.jsonl': '' })
  const { loader } = corpus
  expect(['r/x.jsonl#1', 'r/gone.jsonl#a#b', 'r/a#b.jsonl#1'].map((id) => loader.covers(id))).toEqual([
    true,
    true,
    true,
  ])
  expect(['r/x.jsonl', 'r/x.csv#1', 'r/x.md#1', 'q/x.jsonl#1'].map((id) => loader.covers(id))).toEqual([
    false,
    false,
    false,
    false,
  ])
})

test('every record is found, whatever the blocks in which the file comes', async () => {
  const value = fc.record({
    text: fc.string({ unit: 'grapheme' }).filter((text) => /^[^\r\0]*\S[^\r\0]*$/.test(text)),
    n: fc.integer(),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 20 }), fc.constantFrom('\n', '\r\n'), async (values, end) => {
      await using corpus = await openCorpus({ 'x.jsonl': values.map((one) => JSON.stringify(one) + end).join('') })
      const documents = await loadAll(corpus)
      const stored = documents.map(({ pageContent, metadata }) => ({ text: pageContent, n: metadata['n'] }))
      expect(stored).toEqual(values.map(({ text, n }) => ({ text: text.toWellFormed(), n })))
    }),
    { numRuns: 20 },
  )
})

test('a collection is no document for loadFile', async () => {
  await using corpus = await openCorpus({ 'x.jsonl': '{"text":"one"}\n' })
  await expect(loadFile(join(corpus.path, 'x.jsonl'))).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

test.each([
  [{ files: [] }, 'without files or text'],
  [{ files: ['a'], text: [] }, 'without files or text'],
  [{ files: ['a'], id: ' ' }, 'with an empty name of a column'],
  [{ files: ['../a'] }, 'records has the glob "../a": it leaves the root'],
])('the rule %j is refused', async (rule, message) => {
  await expect(openCorpus({}, [rule])).rejects.toMatchObject({
    code: 'OPTION_INVALID',
    message: expect.stringContaining(message),
  })
})

test('a long file streams, record by record', async () => {
  const record = `${JSON.stringify({ text: 'x'.repeat(1000) })}\n`
  await using corpus = await openCorpus({ 'x.jsonl': record.repeat(20_000) })
  let count = 0
  for await (const entry of corpus.loader.list()) count += entry.type === 'source' ? 1 : 0
  expect(count).toBe(20_000)
})
