import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createBertGraph, encodeOnnx, tinyTokenizer, tinyVocabulary } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { modelsInfoCommand } from '../../src/commands/models-info.ts'
import { modelsListCommand } from '../../src/commands/models-list.ts'
import { modelsPullCommand } from '../../src/commands/models-pull.ts'
import { planCommand } from '../../src/commands/plan.ts'
import { runCommand } from '../../src/commands/run.ts'
import { searchCommand } from '../../src/commands/search.ts'
import { openSession } from './models-session.ts'
import type { Session } from './models-session.ts'

const hidden = 32
const model = encodeOnnx(
  createBertGraph({
    vocabulary: tinyVocabulary.length,
    layers: 2,
    hidden,
    heads: 4,
    feedForward: 64,
    context: 512,
    seed: 1,
    quantized: false,
  }),
)

type Contents = Readonly<Record<string, string | object>>

const files: Contents = {
  'config.json': { model_type: 'bert', hidden_size: hidden, max_position_embeddings: 512 },
  'tokenizer_config.json': { tokenizer_class: 'BertTokenizer' },
  'tokenizer.json': tinyTokenizer,
  '1_Pooling/config.json': { pooling_mode_mean_tokens: true },
  'onnx/model.onnx': model,
}

function bytesOf(content: string | object): Uint8Array {
  return content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content))
}

/** A session with a mirror that has a repository with these files, each without tags. */
async function openHub(repository: string, contents: Contents = files): Promise<Session> {
  const entries = Object.entries(contents)
  return openSession(
    Object.fromEntries(entries.map(([path, content]) => [`/${repository}/resolve/main/${path}`, bytesOf(content)])),
  )
}

async function writeModel(folder: string, contents: Contents = files): Promise<void> {
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytesOf(content))
  }
}

async function configure(session: Session, configured: string | object): Promise<void> {
  const { workingFolder } = session.context
  await writeFile(join(workingFolder, 'indexer.config.json'), JSON.stringify({ sources: ['docs'], model: configured }))
  await mkdir(join(workingFolder, 'docs'), { recursive: true })
  await writeFile(join(workingFolder, 'docs', 'mill.txt'), 'the mill grinds the grain\n')
}

const grain = 'onnx:mill/grain'

describe('models pull of a name on the hub', () => {
  test('says what it does before it does it, then where the folder lies and how to use it', async () => {
    const session = await openHub('mill/grain')
    expect(await modelsPullCommand(grain, {}, session.context)).toBe(0)
    const { folder, endpoint } = session
    const path = join(folder, 'onnx', 'mill', 'grain')
    expect(session.err()).toMatch(/^downloading onnx:mill\/grain \(5 files(, [\d.]+ kB)?\) from /)
    expect(session.err()).toContain(`from ${endpoint}/mill/grain to ${folder}\n`)
    expect(session.out()).toContain(`downloaded: ${path} (5 files, `)
    expect(session.out()).toContain('compared with nothing: config.json, ')
    expect(session.out()).toContain('use it with: indexer run --model onnx:mill/grain --store-path <new folder>')
  })

  test('of a model that is there asks nobody, and compares it with what was downloaded', async () => {
    const session = await openHub('mill/grain')
    await modelsPullCommand(grain, {}, session.context)
    session.clear()
    expect(await modelsPullCommand(grain, {}, session.context)).toBe(0)
    expect(session.out()).toMatch(/^already there: .*\nthe hashes of all files are as expected\n/)
    expect([session.err(), session.requests]).toEqual(['', []])
  })

  test('ends with one JSON object under --json, and is silent but for one line under --quiet', async () => {
    const session = await openHub('mill/grain')
    await modelsPullCommand(grain, { json: true }, session.context)
    expect(session.err()).toBe('')
    const finished = session.objects().at(-1)
    expect(finished?.['files']).toHaveLength(Object.keys(files).length)
    expect(finished).toMatchObject({
      type: 'pull-finished',
      name: grain,
      path: join(session.folder, 'onnx', 'mill', 'grain'),
      commit: null,
      downloaded: true,
      exitCode: 0,
    })
    const quiet = await openHub('mill/grain')
    await modelsPullCommand(grain, { quiet: true }, quiet.context)
    expect([quiet.out(), quiet.err().trimEnd().split('\n').length]).toEqual(['', 1])
  })

  test('without success says where to put files by hand and what works offline', async () => {
    const session = await openSession()
    await expect(modelsPullCommand(grain, {}, session.context)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      hint: expect.stringMatching(/put them into .*mill.grain\. .*--model starter/) as string,
    })
  })

  test('refuses what is no such name, and tells of onnx: where a name has an owner', async () => {
    const session = await openSession()
    for (const argument of ['onnx:', 'onnx:grain', 'onnx:../grain', 'onnx:mill/grain/x.gguf']) {
      for (const command of [modelsPullCommand, modelsInfoCommand]) {
        await expect(command(argument, {}, session.context)).rejects.toMatchObject({ code: 'OPTION_INVALID' })
      }
    }
    await expect(modelsPullCommand('mill/grain', {}, session.context)).rejects.toMatchObject({
      hint: expect.stringContaining('indexer models pull onnx:mill/grain') as string,
    })
    expect(session.requests).toEqual([])
  })
})

test('models list and models info show what was pulled', async () => {
  const session = await openHub('mill/grain')
  await modelsInfoCommand(grain, {}, session.context)
  expect(session.out()).toMatch(/^downloaded +no; get it with: indexer models pull onnx:mill\/grain$/m)
  await modelsPullCommand(grain, {}, session.context)
  session.clear()
  await modelsListCommand({}, session.context)
  expect(session.out()).toMatch(/^onnx:mill\/grain +32 +[\d.]+ kB +yes$/m)
  await modelsInfoCommand(grain, {}, session.context)
  expect(session.out()).toMatch(/^dimensions +32$/m)
  expect(session.out()).toMatch(/^tokens +512$/m)
  session.clear()
  await modelsListCommand({ json: true }, session.context)
  await modelsInfoCommand(grain, { json: true }, session.context)
  const path = join(session.folder, 'onnx', 'mill', 'grain')
  expect(session.objects().slice(-2)).toMatchObject([
    { name: grain, engine: 'onnx', dimensions: 32, path, downloaded: true },
    { known: null, file: null, onnx: { name: grain, path, maxTokens: 512 } },
  ])
  expect(session.requests).toEqual([])
})

test('models info says what hinders a model', async () => {
  const { '1_Pooling/config.json': pooling, ...others } = files
  expect(pooling).toBeDefined()
  const session = await openHub('mill/grain', others)
  await modelsPullCommand(grain, {}, session.context)
  await modelsInfoCommand(grain, {}, session.context)
  expect(session.out()).toMatch(/^problem +.* does not tell its pooling\. Give the option pooling/m)
})

describe('a run with a name on the hub', () => {
  test.for([{ onnx: 'mill/grain' }, grain])('uses what was pulled, and asks nobody: %j', async (configured) => {
    const session = await openHub('mill/grain')
    await modelsPullCommand(grain, {}, session.context)
    await configure(session, configured)
    session.clear()
    expect(await runCommand({ quiet: true }, session.context)).toBe(0)
    expect(await searchCommand('grain', { json: true, limit: 1 }, session.context)).toBe(0)
    expect(session.objects()).toMatchObject([{ rank: 1, metadata: { source: 'docs/mill.txt' } }])
    expect(session.requests).toEqual([])
  })

  test('downloads nothing when there is nothing: it says what was tried, and how to fetch it', async () => {
    const session = await openHub('mill/grain')
    await configure(session, { onnx: 'mill/grain' })
    const { workingFolder } = session.context
    for (const command of [runCommand, planCommand]) {
      const failure = command({}, session.context)
      await expect(failure).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
        hint: expect.stringContaining('indexer models pull onnx:mill/grain') as string,
      })
      await expect(failure).rejects.toThrow(join(workingFolder, 'mill', 'grain'))
      await expect(failure).rejects.toThrow(join(session.folder, 'onnx', 'mill', 'grain'))
    }
    await modelsPullCommand(grain, {}, session.context)
    await configure(session, { onnx: 'mill/grain@v2' })
    await expect(runCommand({}, session.context)).rejects.toMatchObject({
      hint: expect.stringContaining(`Of this repository there is ${grain}.`) as string,
    })
    await configure(session, { onnx: './mill/grain' })
    await expect(runCommand({}, session.context)).rejects.toThrow(/^there is no model folder /)
    expect(session.requests.filter((line) => line.includes('v2'))).toEqual([])
  })

  test('never uses a model that is being downloaded', async () => {
    const session = await openHub('mill/grain')
    await modelsPullCommand(grain, {}, session.context)
    const path = join(session.folder, 'onnx', 'mill', 'grain')
    await rename(path, `${path}+part`)
    await configure(session, { onnx: 'mill/grain' })
    await expect(runCommand({}, session.context)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  })

  test('prefers a folder of its own', async () => {
    const session = await openSession()
    const { workingFolder } = session.context
    await writeModel(join(workingFolder, 'mill', 'grain'))
    await writeModel(join(session.folder, 'onnx', 'mill', 'grain'), { ...files, 'config.json': {} })
    await configure(session, { onnx: 'mill/grain' })
    expect(await runCommand({ quiet: true }, session.context)).toBe(0)
  })

  test('takes pooling and prefixes of a known model of this name where nothing else is said', async () => {
    const { '1_Pooling/config.json': pooling, ...others } = files
    expect(pooling).toBeDefined()
    const name = 'onnx:mill/bge-small-en-v1.5'
    const session = await openHub('mill/bge-small-en-v1.5', others)
    await modelsPullCommand(name, {}, session.context)
    await modelsInfoCommand(name, {}, session.context)
    expect(session.out()).toMatch(/^query prefix +"Represent this sentence .*" {2}\(as of bge-small-en-v1\.5\)$/m)
    await configure(session, name)
    expect(await runCommand({ quiet: true }, session.context)).toBe(0)
    await configure(session, { onnx: name.slice('onnx:'.length), pooling: 'mean' })
    await expect(runCommand({ quiet: true }, session.context)).rejects.toMatchObject({ code: 'STORE_SPACE_MISMATCH' })
  })

  test('takes no pooling from what is known of a model that has more layers after it', async () => {
    const { '1_Pooling/config.json': pooling, ...others } = files
    expect(pooling).toBeDefined()
    const session = await openHub('mill/embeddinggemma-300m', others)
    await modelsPullCommand('onnx:mill/embeddinggemma-300m', {}, session.context)
    await configure(session, 'onnx:mill/embeddinggemma-300m')
    await expect(runCommand({ quiet: true }, session.context)).rejects.toThrow('does not tell its pooling')
  })

  test('keeps to the tokens that a known model of this name is meant for', async () => {
    const name = 'onnx:mill/all-MiniLM-L6-v2'
    const session = await openHub('mill/all-MiniLM-L6-v2')
    await modelsPullCommand(name, {}, session.context)
    await modelsInfoCommand(name, {}, session.context)
    expect(session.out()).toMatch(/^tokens +255$/m)
  })
})
