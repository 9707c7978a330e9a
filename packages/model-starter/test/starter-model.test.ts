import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { starterModel } from '../src/index.ts'

const file = await readFile(starterModel.path)

test('the file is the one that the description describes', () => {
  expect(file.length).toBe(starterModel.bytes)
  expect(createHash('sha256').update(file).digest('hex')).toBe(starterModel.sha256)
})

test('the header of the file names the dimensions and the model', () => {
  const key = 'bert.embedding_length'
  const at = file.indexOf(key)
  expect(at).toBeGreaterThan(0)
  // Behind a key stand its type (4 is an unsigned 32-bit number) and its value.
  expect(file.readUInt32LE(at + key.length)).toBe(4)
  expect(file.readUInt32LE(at + key.length + 4)).toBe(starterModel.dimensions)
  expect(file.subarray(0, 4).toString('latin1')).toBe('GGUF')
  expect(file.indexOf(starterModel.name)).toBeGreaterThan(0)
})

test('the vectors that are known of it are vectors of its dimensions, of unit length', () => {
  expect(starterModel.knownVectors).toHaveLength(2)
  for (const { vector } of starterModel.knownVectors) {
    expect(vector).toHaveLength(starterModel.dimensions)
    expect(Math.hypot(...vector)).toBeCloseTo(1, 3)
  }
})

test('the licence names every source of the training data', async () => {
  const folder = new URL('..', import.meta.url)
  const licence = await readFile(new URL('LICENSE', folder), 'utf8')
  const data = await readFile(new URL('DATA.tsv', folder), 'utf8')
  const sources = data.trimEnd().split('\n').slice(1)
  expect(sources.length).toBeGreaterThan(100)
  for (const line of sources) {
    const [name, version, , licences] = line.split('\t')
    expect(licence).toContain(`${name} (${version}): ${licences}\n`)
  }
})
