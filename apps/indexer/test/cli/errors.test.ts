import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openJsonStore } from '@quern/store-json'
import { temporaryFolder, tinyModelPath } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { runInProcess } from './run-in-process.ts'
import { runIndexer } from './run-indexer.ts'

async function writeDocs(folder: string, count = 1): Promise<void> {
  await mkdir(join(folder, 'docs'), { recursive: true })
  for (let i = 0; i < count; i++) {
    await writeFile(join(folder, 'docs', `${i}.txt`), `Note number ${i} on wheels.\n`)
  }
}

interface Refusal {
  readonly name: string
  readonly arguments: readonly string[]
  readonly prepare?: (folder: string) => Promise<unknown>
  readonly exitCode: number
  readonly code: string
  /** What message and hint must name. */
  readonly names: readonly string[]
}

const runDocs = async (folder: string): Promise<unknown> => {
  await writeDocs(folder)
  return runInProcess(['run', 'docs'], { cwd: folder })
}

const refusals: readonly Refusal[] = [
  {
    name: 'an unknown key in the configuration',
    arguments: ['run'],
    prepare: async (folder) => writeFile(join(folder, 'indexer.config.yaml'), 'sorces: [docs]\n'),
    exitCode: 2,
    code: 'CONFIG_INVALID',
    names: ['indexer.config.yaml', 'sorces: unknown key; did you mean "sources"?'],
  },
  { name: 'a missing folder', arguments: ['run', 'nowhere'], exitCode: 2, code: 'ROOT_NOT_FOUND', names: ['nowhere'] },
  {
    name: 'a folder whose name is misspelt',
    arguments: ['run', 'dosc'],
    prepare: writeDocs,
    exitCode: 2,
    code: 'ROOT_NOT_FOUND',
    names: ['dosc', 'Did you mean', 'docs?'],
  },
  {
    name: 'a file in a folder whose name is misspelt',
    arguments: ['run', join('dosc', '0.txt')],
    prepare: writeDocs,
    exitCode: 2,
    code: 'ROOT_NOT_FOUND',
    names: ['dosc', 'Did you mean', join('docs', '0.txt?')],
  },
  {
    name: 'a missing folder of the configuration',
    arguments: ['run'],
    prepare: async (folder) => writeFile(join(folder, 'indexer.config.yaml'), 'sources: [nowhere]\n'),
    exitCode: 2,
    code: 'ROOT_NOT_FOUND',
    names: ['nowhere', 'sources of', 'indexer.config.yaml'],
  },
  { name: 'nothing to index', arguments: ['run'], exitCode: 2, code: 'CONFIG_INVALID', names: ['indexer run docs'] },
  {
    name: 'an unknown command',
    arguments: ['rum'],
    exitCode: 2,
    code: 'OPTION_INVALID',
    names: ['rum', 'Did you mean run?'],
  },
  {
    name: 'an unknown option',
    arguments: ['run', '--strikt'],
    exitCode: 2,
    code: 'OPTION_INVALID',
    names: ['--strikt', '--strict'],
  },
  {
    name: 'a limit that is no number',
    arguments: ['search', 'x', '--limit', 'ten'],
    exitCode: 2,
    code: 'OPTION_INVALID',
    names: ['ten'],
  },
  {
    name: 'a search where there is no store',
    arguments: ['search', 'x'],
    exitCode: 2,
    code: 'STORE_NOT_FOUND',
    names: ['.quern', 'run'],
  },
  {
    name: 'a mistyped place of a store beside one of the other type',
    arguments: ['search', 'x', '--store', 'lancedb', '--store-path', 'mien'],
    prepare: runDocs,
    exitCode: 2,
    code: 'STORE_NOT_FOUND',
    names: ['mien', 'copy --from json', '--store json --store-path'],
  },
  {
    name: 'a blank question',
    arguments: ['search', ' '],
    prepare: runDocs,
    exitCode: 2,
    code: 'QUERY_INVALID',
    names: ['empty'],
  },
  {
    name: 'a model that is not a GGUF file',
    arguments: ['run', 'docs', '--model', 'model.gguf'],
    prepare: async (folder) => {
      await writeDocs(folder)
      await writeFile(join(folder, 'model.gguf'), 'this is text')
    },
    exitCode: 14,
    code: 'MODEL_INVALID',
    names: ['model.gguf', 'GGUF'],
  },
  {
    name: 'a model file that does not exist',
    arguments: ['run', 'docs', '--model', 'none.gguf'],
    prepare: writeDocs,
    exitCode: 14,
    code: 'MODEL_NOT_FOUND',
    names: ['none.gguf'],
  },
  {
    name: 'a model name that is not known',
    arguments: ['run', 'docs', '--model', 'gpt'],
    prepare: writeDocs,
    exitCode: 14,
    code: 'MODEL_NOT_FOUND',
    names: ['gpt', '.gguf'],
  },
  {
    name: 'a model name that is misspelt',
    arguments: ['run', 'docs', '--model', 'bge-smal-en-v1.5'],
    prepare: writeDocs,
    exitCode: 14,
    code: 'MODEL_NOT_FOUND',
    names: ['Did you mean bge-small-en-v1.5?'],
  },
  {
    name: 'a store of another model',
    arguments: ['run', 'docs', '--model', await tinyModelPath()],
    prepare: runDocs,
    exitCode: 12,
    code: 'STORE_SPACE_MISMATCH',
    names: ['(--model starter-embed-en)', 'tiny', 'reembed', '--store-path'],
  },
  {
    name: 'a store that is damaged',
    arguments: ['status'],
    prepare: async (folder) => {
      await runDocs(folder)
      for (const name of await readdir(join(folder, '.quern'))) {
        if (name.endsWith('.json')) await truncate(join(folder, '.quern', name), 20)
      }
    },
    exitCode: 11,
    code: 'STORE_CORRUPT',
    names: ['.quern'],
  },
  {
    name: 'deleting most of a store',
    arguments: ['run', 'docs'],
    prepare: async (folder) => {
      await writeDocs(folder, 40)
      await runInProcess(['run', 'docs'], { cwd: folder })
      for (let i = 0; i < 30; i++) await rm(join(folder, 'docs', `${i}.txt`))
    },
    exitCode: 13,
    code: 'MASS_DELETION',
    names: ['30 of 40', '--allow-mass-delete'],
  },
]

test.for(refusals)('refuses $name, naming the input, the reason and the next step', async (refusal) => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await refusal.prepare?.(cwd)
  const spoken = await runInProcess(refusal.arguments, { cwd })
  expect([spoken.exitCode, spoken.stdout]).toEqual([refusal.exitCode, ''])
  expect(spoken.stderr).toMatch(/^error: /)
  expect(spoken.stderr).not.toContain('    at ')
  for (const name of refusal.names) expect(spoken.stderr).toContain(name)

  const machine = await runInProcess([...refusal.arguments, '--json'], { cwd })
  expect(machine.exitCode).toBe(refusal.exitCode)
  const lines = machine.stderr.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { type: 'error', code: refusal.code, message: expect.any(String), hint: expect.any(String) },
  ])
})

test('a missing folder leaves no store behind', async () => {
  await using temporary = await temporaryFolder()
  await runInProcess(['run', 'nowhere'], { cwd: temporary.path })
  expect(await readdir(temporary.path)).toEqual([])
})

test('a corrupt PDF is reported, named and counted, and the rest is indexed', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await writeDocs(cwd, 2)
  await writeFile(join(cwd, 'docs', 'broken.pdf'), '%PDF-1.7 and then nothing that a reader could use')
  const result = await runInProcess(['run', 'docs'], { cwd })
  expect(result.exitCode).toBe(3)
  expect(result.stderr).toMatch(/^failed: docs\/broken\.pdf is damaged .*\)\. Open /m)
  expect(result.stdout).toMatch(/2 new .* 1 failed/)

  const strict = await runInProcess(['run', 'docs', '--strict'], { cwd })
  expect(strict.exitCode).toBe(1)
  expect(strict.stderr).toContain('broken.pdf')
})

test('a second writer is refused, or waits', async () => {
  await using temporary = await temporaryFolder()
  const cwd = temporary.path
  await runDocs(cwd)
  await using reader = await openJsonStore({ path: join(cwd, '.quern'), mode: 'read' })
  const writer = await openJsonStore({ path: join(cwd, '.quern'), mode: 'write', space: reader.space })
  const refused = await runIndexer(['run', 'docs', '--json'], { cwd })
  expect(refused.exitCode).toBe(10)
  expect(JSON.parse(refused.stderr)).toMatchObject({ code: 'STORE_BUSY' })
  expect(refused.stderr).toContain(String(process.pid))
  const waiting = runIndexer(['run', 'docs', '--json', '--wait', '60'], { cwd })
  await writer.close()
  expect((await waiting).exitCode).toBe(0)
})
