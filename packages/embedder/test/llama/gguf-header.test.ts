import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeGguf, temporaryFolder } from '@quern/test-fixtures'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readGgufHeader } from '../../src/llama/gguf-header.ts'

test('what stands behind a vocabulary is read, however its words lie in the blocks that are read', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'model.gguf')
  // A block has 262,144 bytes: words of any length up to more than that, empty ones included.
  const word = fc.oneof(fc.nat({ max: 12 }), fc.nat({ max: 300_000 }), fc.integer({ min: 262_100, max: 262_160 }))
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (lengths) => {
      const words = lengths.map((length) => 'w'.repeat(length))
      const metadata = {
        'tokenizer.ggml.tokens': { type: 'strings', value: words },
        'general.name': { type: 'string', value: 'behind it' },
      } as const
      await writeFile(path, encodeGguf(metadata, [{ name: 'w', dimensions: [4], values: new Float32Array(4) }]))
      const header = await readGgufHeader(path)
      expect(header.metadata.get('general.name')).toBe('behind it')
      expect(header.arrays).toEqual(new Set(['tokenizer.ggml.tokens']))
      expect(header.tensors).toBe(1)
    }),
    { numRuns: 60 },
  )
})
