import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { starterModel } from '@quern/model-starter'
import { openJsonStore } from '@quern/store-json'
import { refuseLlamaHook, temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { contentsOf } from '../stores/hostile-sources.ts'
import { runInProcess } from './run-in-process.ts'
import { runIndexer } from './run-indexer.ts'
import { embedder, writeStore } from './stored-project.ts'

const cli = fileURLToPath(new URL('../../src/cli.ts', import.meta.url))

async function contentsAt(path: string): Promise<unknown[]> {
  await using store = await openJsonStore({ path, mode: 'read' })
  return await contentsOf(store)
}

test.for(['decimal', 'base64'])('what is exported in %s and imported is the same store', async (encoding) => {
  await using temporary = await temporaryFolder()
  const options = { cwd: temporary.path, nodeOptions: ['--import', refuseLlamaHook] }
  await writeStore(join(temporary.path, '.quern'), 5)
  const file = join(temporary.path, 'out.jsonl')
  const exported = await runIndexer(['export', 'out.jsonl', '--encoding', encoding], options)
  expect(exported.stdout).toMatch(new RegExp(`^exported 5 sources with 10 chunks to .*out\\.jsonl \\(\\d`))
  expect((await readFile(file, 'utf8')).trimEnd().split('\n')).toHaveLength(7)

  const imported = await runIndexer(['import', 'out.jsonl', '--store-path', 'new', '--json'], options)
  expect(imported.events().at(-1)).toEqual({
    type: 'import-finished',
    sources: { copied: 5, unchanged: 0, deleted: 0 },
    chunks: { copied: 10, unchanged: 0, deleted: 0 },
    durationMs: expect.any(Number),
    interrupted: false,
    store: { type: 'json', path: join(temporary.path, 'new') },
    exitCode: 0,
  })
  expect(await contentsAt(join(temporary.path, 'new'))).toEqual(await contentsAt(join(temporary.path, '.quern')))
  const again = await runIndexer(['import', 'out.jsonl', '--store-path', 'new'], options)
  expect(again.stdout).toMatch(/^sources {2}0 imported · 5 unchanged · 0 deleted\n/)
})

test('exports to stdout and imports from the standard input, as in a pipe', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeStore(join(cwd, '.quern'), 3)
  const { stdout, stderr } = await runIndexer(['export', '--json'], { cwd })
  expect(stderr).toBe('')
  expect(JSON.parse(stdout.split('\n')[0] ?? '')).toMatchObject({ format: 'quern-export', space: embedder.space })
  const child = spawn(process.execPath, [cli, 'import', '-', '--store-path', 'new'], { cwd, stdio: 'pipe' })
  child.stdin.end(stdout)
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')])
  expect(output).toMatch(/^sources {2}3 imported/)
  expect(await contentsAt(join(cwd, 'new'))).toEqual(await contentsAt(join(cwd, '.quern')))
})

test('an export ends in good order when its reader has seen enough', async () => {
  await using temporary = await temporaryFolder()
  await writeStore(join(temporary.path, '.quern'), 800)
  const child = spawn(process.execPath, [cli, 'export'], { cwd: temporary.path, stdio: ['ignore', 'pipe', 'pipe'] })
  await once(child.stdout, 'data')
  child.stdout.destroy()
  const [message, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  expect([message, exitCode]).toEqual(['', 0])
})

test('Ctrl-C while an import waits for its input is an interruption, and creates no store', async () => {
  await using temporary = await temporaryFolder()
  const child = spawn(process.execPath, [cli, 'import', '-'], { cwd: temporary.path, stdio: 'pipe' })
  const exit = once(child, 'exit')
  // More than a pipe holds: when all of it is gone, it is being read.
  await new Promise<void>((resolve) => child.stdin.write(`{"format":"${'x'.repeat(2 ** 18)}`, () => resolve()))
  child.kill('SIGINT')
  const [exitCode] = (await exit) as [number]
  expect(exitCode).toBe(130)
  expect(await readdir(temporary.path)).toEqual([])
})

test('a file that is there is not written over unasked, and an export that fails leaves nothing', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeStore(join(cwd, '.quern'), 1)
  await writeFile(join(cwd, 'out.jsonl'), 'mine')
  const refused = await runInProcess(['export', 'out.jsonl'], { cwd })
  expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('--overwrite')])
  expect(await readFile(join(cwd, 'out.jsonl'), 'utf8')).toBe('mine')
  expect((await runInProcess(['export', 'out.jsonl', '--overwrite', '--quiet'], { cwd })).stdout).toBe('')
  expect(await readFile(join(cwd, 'out.jsonl'), 'utf8')).toMatch(/^\{"format"/)
  const failed = await runInProcess(['export', 'none/out.jsonl'], { cwd })
  expect([failed.exitCode, failed.stdout]).toEqual([1, ''])
  expect(failed.stderr).toContain(join('none', 'out.jsonl'))
  expect(await readdir(cwd)).toEqual(['.quern', 'out.jsonl'])
})

describe('an import is refused, with the file and the next step:', () => {
  interface Refusal {
    readonly name: string
    readonly file: string
    readonly exitCode: number
    readonly code: string
    readonly names: readonly string[]
  }

  test.for<Refusal>([
    { name: 'a missing file', file: 'none.jsonl', exitCode: 2, code: 'OPTION_INVALID', names: ['none.jsonl'] },
    { name: 'a folder', file: 'folder', exitCode: 1, code: 'UNREADABLE', names: ['folder'] },
    { name: 'another kind of file', file: 'notes.txt', exitCode: 1, code: 'CORRUPT', names: ['indexer export'] },
    { name: 'an empty file', file: 'empty', exitCode: 1, code: 'CORRUPT', names: ['no export'] },
    { name: 'a file that ends early', file: 'short.jsonl', exitCode: 1, code: 'CORRUPT', names: ['ends early'] },
    { name: 'a file of a newer version', file: 'newer.jsonl', exitCode: 1, code: 'STORE_NEWER', names: ['version 9'] },
    {
      name: 'a file of another model',
      file: 'other.jsonl',
      exitCode: 12,
      code: 'STORE_SPACE_MISMATCH',
      names: ['fake'],
    },
  ])('$name', async ({ file, exitCode, code, names }) => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    await writeStore(join(cwd, '.quern'), 2)
    const { stdout: whole } = await runInProcess(['export'], { cwd })
    await mkdir(join(cwd, 'folder'))
    await writeFile(join(cwd, 'notes.txt'), 'just notes\n')
    await writeFile(join(cwd, 'empty'), '')
    await writeFile(join(cwd, 'short.jsonl'), whole.slice(0, whole.lastIndexOf('{"end"')))
    await writeFile(join(cwd, 'newer.jsonl'), whole.replace('"version":1', '"version":9'))
    await writeFile(join(cwd, 'other.jsonl'), whole.replace(/"fingerprint":"[^"]*"/, '"fingerprint":"x"'))
    const result = await runInProcess(['import', file, '--json'], { cwd })
    expect([result.exitCode, JSON.parse(result.stderr)]).toEqual([exitCode, expect.objectContaining({ code })])
    for (const name of names) expect(result.stderr).toContain(name)
  })
})

describe('a file of embeddings that another program made', () => {
  const texts = ['A quern is a hand mill.', 'Bread needs flour.']
  const dimensions = starterModel.dimensions

  /** As tutorials teach it: pretty, a name in place of an identity. */
  async function writeClassic(folder: string, change: object = {}): Promise<void> {
    const embeddings = texts.map((content, index) => ({
      id: `chunk-${index}`,
      content,
      metadata: index === 0 ? { source: 'notes/mill.md', author: 'Ann' } : { author: 'Ben' },
      embedding: Array.from({ length: dimensions }, (_, i) => (i === index ? 2 : 0)),
    }))
    const file = { version: '1.0', model: 'their-name', dimensions, count: 2, embeddings, ...change }
    await writeFile(join(folder, 'theirs.json'), JSON.stringify(file, null, 2))
  }

  test('is imported with the identity that it lacks', async () => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    await writeClassic(cwd)
    const named = ['--model', 'starter', '--model-name', 'their-name', '--source', 'theirs']
    const imported = await runInProcess(['import', 'theirs.json', ...named], { cwd })
    expect([imported.exitCode, imported.stderr]).toEqual([0, ''])
    expect(imported.stdout).toMatch(/^sources {2}2 imported[^]*indexer verify --model starter\n$/)
    await using store = await openJsonStore({ path: join(cwd, '.quern'), mode: 'read' })
    const chunks = await Array.fromAsync(store.getChunks({ ids: ['chunk-0', 'chunk-1'] }))
    expect(chunks.map(({ pageContent, metadata }) => [pageContent, metadata.source])).toEqual([
      [texts[0], 'notes/mill.md'],
      [texts[1], 'theirs'],
    ])
    const sound = await runInProcess(['verify', '--samples', '0'], { cwd })
    expect(sound.stdout).toContain('sound')
    const compared = await runInProcess(['verify'], { cwd })
    expect([compared.exitCode, compared.stdout]).toEqual([11, expect.stringContaining('cosine')])
  })

  test.for<[string, readonly string[], object, number, string]>([
    ['without a model', ['--source', 'x'], {}, 2, '--model'],
    ['without a source', ['--model', 'starter', '--model-name', 'their-name'], {}, 2, '--source'],
    ['of a model of another name', ['--model', 'starter', '--source', 'x'], {}, 12, 'their-name'],
    ['of other dimensions', ['--model', 'starter', '--source', 'x'], { model: undefined, dimensions: 3 }, 12, '3'],
    ['with a wrong count', ['--model', 'starter', '--source', 'x'], { model: undefined, count: 7 }, 1, '7'],
  ])('is refused %s, and no store is made', async ([, flags, change, exitCode, name]) => {
    await using temporary = await temporaryFolder()
    const cwd = temporary.path
    await writeClassic(cwd, change)
    const result = await runInProcess(['import', 'theirs.json', ...flags], { cwd })
    expect([result.exitCode, result.stdout]).toEqual([exitCode, ''])
    expect(result.stderr).toContain(name)
    expect(await readdir(cwd)).toEqual(['theirs.json'])
  })
})
