import { expect, test } from 'vitest'
import { findKnownModel, findKnownRepository, unknownModel } from '../../src/models/find-known-model.ts'
import { knownModels } from '../../src/models/known-models.ts'
import { modelFileName } from '../../src/models/model-uri.ts'

test('every name and alias means one model, and every model has a file of its own', () => {
  const names = knownModels.flatMap(({ name, aliases }) => [name].concat(aliases))
  expect(new Set(names).size).toBe(names.length)
  expect(names).toEqual(names.map((name) => name.toLowerCase()))
  const files = knownModels.map(({ uri }) => modelFileName(uri).toLowerCase())
  expect(new Set(files).size).toBe(files.length)
})

test('every entry is plausible, and every fact has a source', () => {
  for (const { uri, bytes, sha256, dimensions, maxTokens, licence, sources } of knownModels) {
    expect(uri).toMatch(/^hf:[^/]+\/[^/]+\/(?:[^/]+\/)?[^/]+\.gguf$/i)
    expect(bytes).toBeGreaterThan(dimensions * 20_000)
    expect(sha256 ?? '0'.repeat(64)).toMatch(/^[0-9a-f]{64}$/)
    expect([256, 512, 2048, 8192, 32_768]).toContain(maxTokens)
    expect([384, 768, 1024]).toContain(dimensions)
    expect(licence).not.toBe('')
    for (const { source } of Object.values(sources)) expect(source.length).toBeGreaterThan(10)
  }
})

test('a round size is told to be an estimate', () => {
  const round = knownModels.filter(({ bytes }) => bytes % 100_000 === 0)
  expect(round.length).toBeGreaterThan(5)
  for (const { name, sources } of round) expect(`${name}: ${sources.file.source}`).toContain('the size is estimated')
})

test('prefixes end where the text begins', () => {
  for (const { queryPrefix, documentPrefix } of knownModels) {
    for (const prefix of [queryPrefix, documentPrefix]) expect(prefix).toMatch(/^$|: $|Query:$/)
  }
})

test('the models that people ask for are there', () => {
  const wanted = [
    'bge-small-en-v1.5',
    'bge-base-en-v1.5',
    'bge-large-en-v1.5',
    'bge-m3',
    'all-MiniLM-L6-v2',
    'nomic-embed-text-v1.5',
    'e5-small-v2',
    'multilingual-e5-large',
    'snowflake-arctic-embed-m-v1.5',
    'mxbai-embed-large-v1',
    'embeddinggemma-300m',
    'Qwen3-Embedding-0.6B',
    'gte-base',
  ]
  expect(wanted.filter((name) => findKnownModel(name) === undefined)).toEqual([])
})

test('a model is found by name or alias, in capitals, and with its owner', () => {
  for (const model of knownModels) {
    for (const name of [model.name, ...model.aliases]) {
      for (const spelling of [name, name.toUpperCase(), ` ${name} `, `SomeOwner/${name}`]) {
        expect(findKnownModel(spelling)).toBe(model)
      }
    }
  }
  expect(findKnownModel('bge')).toBeUndefined()
  expect(findKnownModel('')).toBeUndefined()
})

test('a repository is that of a known model by the whole name alone', () => {
  for (const model of knownModels) {
    expect(findKnownRepository(`SomeOwner/${model.name.toUpperCase()}`)).toBe(model)
    for (const alias of model.aliases) expect(findKnownRepository(`SomeOwner/${alias}`)).toBeUndefined()
  }
  expect(findKnownRepository('bge-m3/other')).toBeUndefined()
})

test('a model takes no fewer tokens than it is meant for', () => {
  for (const { maxTokens, fileTokens = Infinity } of knownModels) expect(fileTokens).toBeGreaterThan(maxTokens)
})

test('the error for an unknown name lists the known ones', () => {
  const error = unknownModel('bge-smal')
  expect(error.message).toContain('bge-smal')
  expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND', hint: expect.stringContaining('models list') as string })
  expect(error.details['known']).toContain('bge-small-en-v1.5')
})
