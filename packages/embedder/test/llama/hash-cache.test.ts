import { appendFile, readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeGguf, temporaryFolder } from '@quern/test-fixtures'
import { expect, test } from 'vitest'
import { createHashCache } from '../../src/llama/hash-cache.ts'
import type { HashCache } from '../../src/llama/hash-cache.ts'
import { readModelFile } from '../../src/llama/model-file.ts'

const header = encodeGguf(
  {
    'general.architecture': { type: 'string', value: 'bert' },
    'bert.context_length': { type: 'uint32', value: 256 },
    'bert.embedding_length': { type: 'uint32', value: 64 },
    'bert.pooling_type': { type: 'uint32', value: 1 },
    'bert.block_count': { type: 'uint32', value: 1 },
    'bert.feed_forward_length': { type: 'uint32', value: 4 },
    'bert.attention.head_count': { type: 'uint32', value: 1 },
  },
  [{ name: 'token_embd.weight', dimensions: [1], values: new Float32Array(1) }],
)

test('a large model file is hashed once, and again when it has changed', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'large.gguf')
  await writeFile(path, header)
  await truncate(path, 40 * 2 ** 20)
  const found: (string | undefined)[] = []
  const cache = createHashCache(join(folder.path, 'hashes'))
  const hashCache: HashCache = {
    async get(...key) {
      const hash = await cache.get(...key)
      found.push(hash)
      return hash
    },
    set: (...entry) => cache.set(...entry),
  }
  const first = await readModelFile(path, { hashCache })
  const second = await readModelFile(path, { hashCache })
  expect(found).toEqual([undefined, first.sha256])
  expect(second).toEqual(first)
  await appendFile(path, 'x')
  const third = await readModelFile(path, { hashCache })
  expect(found.at(-1)).toBeUndefined()
  expect(third.sha256).not.toBe(first.sha256)
})

test('a damaged cache, or one that cannot be written, costs nothing but time', async () => {
  await using folder = await temporaryFolder()
  const inFile = join(folder.path, 'hashes')
  const cache = createHashCache(inFile)
  await cache.set('model.gguf', '1', 'a'.repeat(64))
  expect(await cache.get('model.gguf', '1')).toBe('a'.repeat(64))
  expect(await cache.get('model.gguf', '2')).toBeUndefined()
  for (const name of await readdir(inFile)) await writeFile(join(inFile, name), '{')
  expect(await cache.get('model.gguf', '1')).toBeUndefined()

  const blocked = join(folder.path, 'file')
  await writeFile(blocked, '')
  const unwritable = createHashCache(join(blocked, 'hashes'))
  await unwritable.set('model.gguf', '1', 'a'.repeat(64))
  expect(await unwritable.get('model.gguf', '1')).toBeUndefined()
})
