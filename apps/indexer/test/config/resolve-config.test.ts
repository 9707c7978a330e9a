import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
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
    pooling: 'mean',
  })
  const endpoint = { endpoint: 'http://127.0.0.1:8080/v1', name: 'bge-m3', dimensions: 1024 }
  expect(await modelOf(endpoint)).toMatchObject({ engine: 'http', ...endpoint })
  await expect(modelOf({ endpoint: endpoint.endpoint })).rejects.toThrow(/needs name[^]*needs dimensions/)
  await expect(modelOf({ onnx: 'a', path: 'b.gguf' })).rejects.toThrow(/exactly one/)
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
})

test('a path inside a configured source is refused, since its files would be stored twice, and so is an empty one', async () => {
  await using temporary = await temporaryFolder()
  const folder = temporary.path
  await writeFile(join(folder, 'indexer.config.json'), '{"sources":["docs"]}')
  const attempt = (path: string): Promise<unknown> => resolve({ paths: [path] }, { workingFolder: folder })
  await expect(attempt(join('docs', 'guide'))).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await expect(attempt('')).rejects.toMatchObject({ code: 'OPTION_INVALID' })
  await expect(attempt('docs')).resolves.toMatchObject({ sources: [{ path: join(folder, 'docs') }] })
  await expect(attempt('docs-of-others')).resolves.toBeDefined()
})
