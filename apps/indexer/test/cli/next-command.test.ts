import { mkdir, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder, tinyModelPath } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { nameCommands, programAsTyped, quoteForShell } from '../../src/next-command.ts'
import { runInProcess } from './run-in-process.ts'
import { writeDocs } from './stored-project.ts'

const model = await tinyModelPath()

test('words are quoted for a shell where they need it', () => {
  expect(['.quern', '/a/b-1.gguf', 's3://b/c', '~/x'].map(quoteForShell)).toEqual([
    '.quern',
    '/a/b-1.gguf',
    's3://b/c',
    '~/x',
  ])
  expect(['my notes', "it's", '', '$HOME'].map(quoteForShell)).toEqual([
    "'my notes'",
    String.raw`'it'\''s'`,
    "''",
    "'$HOME'",
  ])
})

test('a next command repeats which store, configuration and model were meant', () => {
  expect(programAsTyped('pnpm indexer', {})).toBe('pnpm indexer')
  expect(programAsTyped('indexer', { model: 'a.gguf', storePath: 'my store', config: 'c.yaml' })).toBe(
    "indexer --config c.yaml --store-path 'my store' --model a.gguf",
  )
})

test('a command in a hint begins as the program was called, and nothing else is changed', () => {
  const program = 'pnpm indexer --store-path x'
  expect(nameCommands('Repair it: indexer verify --repair. Or: indexer run <folder>.', program)).toBe(
    `Repair it: ${program} verify --repair. Or: ${program} run <folder>.`,
  )
  for (const hint of [
    'See: pnpm indexer run --help',
    'npm install @quern/indexer now',
    'Name it in indexer.config.yaml (model)',
    'Type: indexer --store json search x',
  ]) {
    expect(nameCommands(hint, program)).toBe(hint)
  }
})

interface Mistake {
  readonly name: string
  readonly typed: readonly string[]
  /** After a run that filled the store `mine` of the folder. */
  readonly prepare?: (folder: string) => Promise<unknown>
  /** The command that the message names. */
  readonly next: RegExp
  readonly exitCode: number
}

const truncateStore = async (folder: string): Promise<void> => {
  for (const name of await readdir(join(folder, 'mine'))) {
    const file = join(folder, 'mine', name)
    if (name.endsWith('.json')) await truncate(file, (await stat(file)).size - 20)
  }
}

const mistakes: readonly Mistake[] = [
  {
    name: 'a file of the store is cut off',
    typed: ['status', '--store-path', 'mine', '--model', model],
    prepare: truncateStore,
    next: /indexer .*verify --repair/,
    exitCode: 0,
  },
  {
    name: 'the model is another one',
    typed: ['run', 'docs', '--store-path', 'mine'],
    next: /indexer .*reembed/,
    exitCode: 0,
  },
  {
    name: 'the store is of another type, at another place',
    typed: ['search', 'wheels', '--store', 'lancedb', '--store-path', 'other'],
    prepare: (folder) => runInProcess(['run', 'docs'], { cwd: folder }),
    next: /indexer .*copy --from json/,
    exitCode: 0,
  },
  {
    name: 'the folder holds nothing of a known format',
    typed: ['run', 'pictures', '--store-path', 'mine', '--model', model, '--no-delete'],
    prepare: async (folder) => {
      await rm(join(folder, 'mine'), { recursive: true })
      await mkdir(join(folder, 'pictures'))
      await writeFile(join(folder, 'pictures', 'a.bmp'), 'not text')
    },
    next: /indexer .*plan .*pictures --verbose/,
    exitCode: 0,
  },
]

test.for(mistakes)('where $name, the command that is named works as it is printed', async (mistake) => {
  await using folder = await temporaryFolder()
  const cwd = folder.path
  await writeDocs(cwd, 2)
  await runInProcess(['run', 'docs', '--store-path', 'mine', '--model', model], { cwd })
  await mistake.prepare?.(cwd)
  const { stderr } = await runInProcess(mistake.typed, { cwd })
  const [command = ''] = mistake.next.exec(stderr) ?? []
  const again = await runInProcess(command.split(' ').slice(1), { cwd })
  expect({ stderr, command, exitCode: again.exitCode, after: again.stderr }).toMatchObject({
    exitCode: mistake.exitCode,
  })
})

test('a search in a store that holds nothing says so', async () => {
  await using folder = await temporaryFolder()
  const cwd = folder.path
  await mkdir(join(cwd, 'docs'))
  const run = await runInProcess(['run', 'docs', '--model', model], { cwd })
  expect(run.stderr).toContain(`no document was found in ${join(cwd, 'docs')}: nothing is there`)
  const { stderr, exitCode } = await runInProcess(['search', 'wheels', '--model', model], { cwd })
  expect(exitCode).toBe(0)
  expect(stderr).toBe(`nothing was found: the store is empty; index into it: indexer --model ${model} run <folder>\n`)
})

test('the first run says how to ask', async () => {
  await using folder = await temporaryFolder()
  const cwd = folder.path
  await writeDocs(cwd, 1)
  const ask = /^ask {6}indexer --store-path mine search "/m
  expect((await runInProcess(['run', 'docs', '--store-path', 'mine'], { cwd })).stdout).toMatch(ask)
  expect((await runInProcess(['run', 'docs', '--store-path', 'mine'], { cwd })).stdout).not.toMatch(ask)
})
