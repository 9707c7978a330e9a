import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { describe, expect, test } from 'vitest'
import { resolveConfig } from '../../src/config/resolve-config.ts'
import type { ConfigOptions } from '../../src/config/resolve-config.ts'
import type { ResolvedConfig } from '../../src/config/resolved-config.ts'

interface Place {
  readonly workingFolder: string
  readonly env?: Record<string, string>
}

async function resolve(options: ConfigOptions, { workingFolder, env = {} }: Place): Promise<ResolvedConfig> {
  const { stdout, stderr } = process
  return resolveConfig(options, { stdout, stderr, env, workingFolder, programName: 'indexer' })
}

test('without a file: the starter model, and a JSON store in the working folder', async () => {
  await using temporary = await temporaryFolder()
  const workingFolder = temporary.path
  const config = await resolve({ paths: ['docs'] }, { workingFolder })
  expect(config).toMatchObject({
    file: undefined,
    sources: [{ path: join(workingFolder, 'docs'), name: undefined }],
    ignoreFiles: true,
    model: { path: 'starter' },
    store: { type: 'json', path: join(workingFolder, '.quern') },
  })
})

const contents: Record<string, string> = {
  json: '{"sources":["docs",{"path":"../wiki","name":"w"}],"model":"m.gguf","store":{"path":"index"}}',
  yaml: 'sources:\n  - docs\n  - path: ../wiki\n    name: w\nmodel: m.gguf\nstore: { path: index }\n',
  ts: 'interface Config { readonly [key: string]: unknown }\nconst config: Config = { sources: ["docs", { path: "../wiki", name: "w" }], model: "m.gguf", store: { path: "index" } }\nexport default config\n',
  js: 'export default { sources: ["docs", { path: "../wiki", name: "w" }], model: "m.gguf", store: { path: "index" } }\n',
}

test.for(Object.keys(contents))('finds indexer.config.%s upwards; its paths are relative to it', async (extension) => {
  await using temporary = await temporaryFolder()
  const folder = join(temporary.path, 'project')
  const workingFolder = join(folder, 'a', 'b')
  await mkdir(workingFolder, { recursive: true })
  if (extension === 'js') await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  const file = join(folder, `indexer.config.${extension}`)
  await writeFile(file, contents[extension] ?? '')
  const config = await resolve({}, { workingFolder })
  expect(config).toMatchObject({
    file,
    sources: [
      { path: join(folder, 'docs'), name: undefined },
      { path: join(temporary.path, 'wiki'), name: 'w' },
    ],
    model: { path: join(folder, 'm.gguf') },
    store: { type: 'json', path: join(folder, 'index') },
  })
})

test('flags go before the environment, and that before the file', async () => {
  await using temporary = await temporaryFolder()
  const workingFolder = temporary.path
  await writeFile(
    join(workingFolder, 'indexer.config.json'),
    '{"model":"file.gguf","store":{"path":"file"},"embedding":{"gpu":"off"}}',
  )
  const env = { QUERN_MODEL: 'env.gguf', QUERN_STORE_PATH: 'env', QUERN_GPU: 'cuda' }
  const paths = async (options: ConfigOptions, variables: Record<string, string>): Promise<unknown> => {
    const { model, store, embedding } = await resolve(options, { workingFolder, env: variables })
    return ['path' in model ? model.path : undefined, store.path, embedding.gpu]
  }
  const inFolder = (name: string): string => join(workingFolder, name)
  expect(await paths({}, {})).toEqual([inFolder('file.gguf'), inFolder('file'), 'off'])
  expect(await paths({}, env)).toEqual([inFolder('env.gguf'), inFolder('env'), 'cuda'])
  expect(await paths({ model: 'flag.gguf', storePath: 'flag', gpu: 'vulkan' }, env)).toEqual([
    inFolder('flag.gguf'),
    inFolder('flag'),
    'vulkan',
  ])
})

test('a path of the command line that is configured keeps its configured name', async () => {
  await using temporary = await temporaryFolder()
  const workingFolder = temporary.path
  await writeFile(join(workingFolder, 'indexer.config.yaml'), 'sources: [{ path: docs, name: manual }, notes]\n')
  const { sources } = await resolve({ paths: ['./docs/'] }, { workingFolder })
  expect(sources).toEqual([{ path: join(workingFolder, 'docs'), name: 'manual' }])
})

test('a file without content says nothing', async () => {
  await using temporary = await temporaryFolder()
  await writeFile(join(temporary.path, 'indexer.config.yaml'), '')
  expect((await resolve({}, { workingFolder: temporary.path })).model).toMatchObject({ path: 'starter' })
})

test('refuses problems of a file together, naming the file', async () => {
  await using temporary = await temporaryFolder()
  const file = join(temporary.path, 'indexer.config.json')
  await writeFile(file, '{"sorces":["docs"],"store":{"type":"sqlite"}}')
  const attempt = resolve({}, { workingFolder: temporary.path })
  await expect(attempt).rejects.toMatchObject({ code: 'CONFIG_INVALID', details: { problems: { length: 2 } } })
  await expect(attempt).rejects.toThrow(`the configuration file ${file} has 2 problems:\n  store.type`)
})

test.for([
  ['json', '{"sources":'],
  ['yaml', 'sources: [a\n- b'],
  ['ts', 'export default {{'],
])('refuses an indexer.config.%s that cannot be parsed, naming it', async ([extension, text]) => {
  await using temporary = await temporaryFolder()
  const file = join(temporary.path, `indexer.config.${extension}`)
  await writeFile(file, text ?? '')
  const attempt = resolve({}, { workingFolder: temporary.path })
  await expect(attempt).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  await expect(attempt).rejects.toThrow(file)
})

test('refuses a named file that does not exist, and flags that the schema does not know', async () => {
  await using temporary = await temporaryFolder()
  const workingFolder = temporary.path
  await expect(resolve({ config: 'missing.yaml' }, { workingFolder })).rejects.toThrow(
    `there is no configuration file ${join(workingFolder, 'missing.yaml')}`,
  )
  await expect(resolve({ gpu: 'fast', store: 'sqlite' }, { workingFolder })).rejects.toThrow('has 2 problems')
})

test('a model may be of another engine', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  const modelOf = async (model: object): Promise<unknown> => {
    await writeFile(join(folder, 'indexer.config.json'), JSON.stringify({ model }))
    return (await resolve({}, { workingFolder: folder })).model
  }
  expect(await modelOf({ onnx: 'models/e5', pooling: 'mean' })).toMatchObject({
    engine: 'onnx',
    folder: join(folder, 'models', 'e5'),
    hubName: { repository: 'models/e5' },
    pooling: 'mean',
  })
  expect(await modelOf({ onnx: './models/e5' })).toMatchObject({ hubName: undefined })
  expect(await modelOf({ onnx: '~/models/e5' })).toMatchObject({ folder: join(homedir(), 'models', 'e5') })
  const endpoint = { endpoint: 'http://127.0.0.1:8080/v1', name: 'bge-m3', dimensions: 1024 }
  expect(await modelOf(endpoint)).toMatchObject({ engine: 'http', ...endpoint })
  await expect(modelOf({ endpoint: endpoint.endpoint })).rejects.toThrow(/needs name[^]*needs dimensions/)
  await expect(modelOf({ onnx: 'a', path: 'b.gguf' })).rejects.toThrow(/exactly one/)
})

test('a model for ONNX Runtime may be named by one text, in the file, as a flag and in the environment', async () => {
  await using temporary = await temporaryFolder()
  const workingFolder = temporary.path
  const hubName = { repository: 'mill/grain', revision: 'v1', file: 'onnx/model_int8.onnx' }
  const name = 'onnx:mill/grain@v1/onnx/model_int8.onnx'
  const folder = join(workingFolder, 'mill', 'grain@v1', 'onnx', 'model_int8.onnx')
  const expected = { engine: 'onnx', hubName, folder, pooling: undefined }
  expect((await resolve({ model: name }, { workingFolder })).model).toMatchObject(expected)
  expect((await resolve({}, { workingFolder, env: { QUERN_MODEL: name } })).model).toMatchObject(expected)
  const file = join(workingFolder, 'indexer.config.json')
  await writeFile(file, JSON.stringify({ model: name }))
  expect((await resolve({}, { workingFolder })).model).toMatchObject(expected)
  await writeFile(file, JSON.stringify({ model: { onnx: name.slice('onnx:'.length), pooling: 'cls' } }))
  expect((await resolve({ model: name }, { workingFolder })).model).toMatchObject({ ...expected, pooling: 'cls' })
  expect((await resolve({ model: 'onnx:other' }, { workingFolder })).model).toMatchObject({ pooling: undefined })
  expect((await resolve({ model: 'onnx:' }, { workingFolder })).model).toMatchObject({ engine: 'llama', path: 'onnx:' })
})

test('the settings of a configured model hold when it is named again, and not for another', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  const model = { path: 'm.gguf', queryPrefix: 'query: ' }
  await writeFile(join(folder, 'indexer.config.json'), JSON.stringify({ model }))
  const prefixOf = async (given: string): Promise<string | undefined> =>
    (await resolve({ model: given }, { workingFolder: folder })).model.queryPrefix
  expect(await prefixOf('m.gguf')).toBe('query: ')
  expect(await prefixOf('other.gguf')).toBeUndefined()
})

test('an empty variable says nothing, and excluded globs add up', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  await writeFile(join(folder, 'indexer.config.json'), '{"exclude":["private/**"]}')
  const env = { QUERN_CONFIG: '', QUERN_STORE: '', QUERN_STORE_PATH: '', QUERN_MODEL: '', QUERN_GPU: '' }
  const config = await resolve({ exclude: ['drafts/**'] }, { workingFolder: folder, env })
  expect(config).toMatchObject({ model: { path: 'starter' }, exclude: ['private/**', 'drafts/**'] })
  const bringBack = resolve({ exclude: ['!private/**'] }, { workingFolder: folder, env })
  await expect(bringBack).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

test('a path inside a configured source stands for that part of it, one beside it for itself, an empty one is refused', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  await writeFile(join(folder, 'indexer.config.json'), '{"sources":[{"path":"docs","name":"d"}]}')
  const sourcesOf = async (...paths: string[]): Promise<unknown> =>
    (await resolve({ paths }, { workingFolder: folder })).sources
  const docs = { path: join(folder, 'docs'), name: 'd' }
  expect(await sourcesOf(join('docs', 'guide', 'a.md'), 'docs/b')).toEqual([
    { ...docs, only: ['guide/a.md'] },
    { ...docs, only: ['b'] },
  ])
  expect(await sourcesOf('docs')).toEqual([docs])
  expect(await sourcesOf('docs-of-others')).toEqual([{ path: join(folder, 'docs-of-others'), name: undefined }])
  await expect(sourcesOf('')).rejects.toMatchObject({ code: 'OPTION_INVALID' })
})

async function storeOf(store: unknown, options: ConfigOptions = {}): Promise<unknown> {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  await mkdir(join(folder, 'below'))
  await writeFile(join(folder, 'indexer.config.json'), JSON.stringify(store === undefined ? {} : { store }))
  const config = await resolve(options, { workingFolder: join(folder, 'below') })
  return { type: config.store.type, path: config.store.path.replace(folder, '.').replaceAll('\\', '/') }
}

describe('the store', () => {
  test.for<[unknown, ConfigOptions, string, string]>([
    [undefined, {}, 'json', './.quern'],
    ['json', {}, 'json', './.quern'],
    ['lancedb', {}, 'lancedb', './.quern-lancedb'],
    [{ type: 'lancedb' }, {}, 'lancedb', './.quern-lancedb'],
    [{ type: 'lancedb', path: 'index' }, {}, 'lancedb', './index'],
    [{ type: 'lancedb', path: 's3://bucket/index' }, {}, 'lancedb', 's3://bucket/index'],
    [{ type: 'lancedb', uri: 'db://name' }, {}, 'lancedb', 'db://name'],
    [undefined, { store: 'lancedb' }, 'lancedb', './.quern-lancedb'],
    [undefined, { store: 'lancedb', storePath: 'x' }, 'lancedb', './below/x'],
    [undefined, { store: 'lancedb', storePath: 's3://b/c' }, 'lancedb', 's3://b/c'],
    [{ path: 'index' }, { store: 'lancedb' }, 'lancedb', './index'],
    [{ type: 'json', path: 'index' }, { store: 'lancedb' }, 'lancedb', './.quern-lancedb'],
    [{ type: 'lancedb', path: 'index' }, { store: 'json' }, 'json', './.quern'],
    [{ type: 'lancedb', path: 'index' }, { store: 'lancedb' }, 'lancedb', './index'],
  ])('of %j with %j is of type %s at %s', async ([store, options, type, path]) => {
    expect(await storeOf(store, options)).toEqual({ type, path })
  })

  test('of JSON is no address', async () => {
    await expect(storeOf(undefined, { storePath: 's3://bucket' })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      hint: expect.stringContaining('--store lancedb') as string,
    })
  })

  test('has its settings wherever it is of the type that the file names', async () => {
    await using temporary = await temporaryFolder()
    const workingFolder = temporary.path
    const settings = { filterable: { author: 'string' }, storageOptions: { region: 'eu' } }
    await writeFile(
      join(workingFolder, 'indexer.config.json'),
      JSON.stringify({ store: { type: 'lancedb', ...settings } }),
    )
    const { store: moved } = await resolve({ storePath: 's3://b/c' }, { workingFolder })
    expect(moved).toEqual({ type: 'lancedb', path: 's3://b/c', settings })
    const { store: other } = await resolve({ store: 'json' }, { workingFolder })
    expect(other).toMatchObject({ type: 'json', settings: {} })
  })
})

test('~/ is the home folder, in sources and in the place of the store', async () => {
  await using temporary = await temporaryFolder()
  const workingFolder = temporary.path
  const sources = ['~/notes', { path: '~', name: 'home' }, '~other/x']
  await writeFile(join(workingFolder, 'indexer.config.json'), JSON.stringify({ sources, store: { path: '~/index' } }))
  const config = await resolve({}, { workingFolder })
  expect(config.sources.map(({ path }) => path)).toEqual([
    join(homedir(), 'notes'),
    homedir(),
    join(workingFolder, '~other', 'x'),
  ])
  expect(config.store.path).toBe(join(homedir(), 'index'))
})

test('a byte order mark before JSON or YAML is no fault', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  for (const [name, text] of [
    ['a.json', '{"sources":["docs"]}'],
    ['a.yaml', 'sources: [docs]\n'],
  ] as const) {
    await writeFile(join(folder, name), `\ufeff${text}`)
    expect((await resolve({ config: name }, { workingFolder: folder })).sources).toHaveLength(1)
  }
})
