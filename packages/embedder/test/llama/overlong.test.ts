import { vectorLength } from '@quern/core'
import { tinyModelPath } from '@quern/test-fixtures'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openLlamaEmbedder } from '../../src/index.ts'
import type { OverlongText } from '../../src/index.ts'
import { fitTokens } from '../../src/llama/fit-tokens.ts'

const maxTokens = 12
/** Ten words fit beside the two special tokens. */
const long = 'the water of the mill and the wind of the sea and the stone of the quern and flour'

async function embedOne(
  overlong: 'truncate' | 'split-and-mean',
  text: string,
  onOverlong?: (text: OverlongText) => void,
) {
  await using embedder = await openLlamaEmbedder({
    modelPath: await tinyModelPath(),
    maxTokens,
    overlong,
    ...(onOverlong === undefined ? {} : { onOverlong }),
  })
  const [vector] = await Array.fromAsync(embedder.embedDocuments([text]))
  return vector as Float32Array
}

describe('a text over the limit', () => {
  test('is truncated when that was asked for, and told of', async () => {
    const told: OverlongText[] = []
    const vector = await embedOne('truncate', long, (text) => told.push(text))
    await using whole = await openLlamaEmbedder({ modelPath: await tinyModelPath() })
    await whole.load()
    expect(told).toEqual([{ index: 0, tokens: whole.countTokens(long), maxTokens }])
    const words = long.split(' ')
    const beginnings = words.map((_, i) => words.slice(0, i + 1).join(' '))
    const longest = beginnings.findLast((text) => whole.countTokens(text) <= maxTokens) ?? ''
    expect(vector).toEqual(await whole.embedQuery(longest))
  })

  test('is split when that was asked for: all of it counts', async () => {
    const split = await embedOne('split-and-mean', long)
    const other = await embedOne('split-and-mean', `${long.slice(0, -5)} bread`)
    expect(Math.abs(1 - vectorLength(split))).toBeLessThan(1e-5)
    expect(split).not.toEqual(other)
    expect(split).not.toEqual(await embedOne('truncate', long))
  })

  test('is told of as often as it comes, also where it is embedded once', async () => {
    const told: OverlongText[] = []
    const onOverlong = (text: OverlongText): void => void told.push(text)
    const modelPath = await tinyModelPath()
    await using embedder = await openLlamaEmbedder({ modelPath, maxTokens, overlong: 'truncate', onOverlong })
    const vectors = await Array.fromAsync(embedder.embedDocuments([long, 'the mill', long, long]))
    expect(new Set(told.map(({ index }) => index))).toEqual(new Set([0, 2, 3]))
    expect(told).toHaveLength(3)
    expect(vectors[2]).toEqual(vectors[0])
  })

  test('that fits has the same vector whatever was asked for', async () => {
    const told: OverlongText[] = []
    const vectors = [
      await embedOne('truncate', 'the mill', (text) => told.push(text)),
      await embedOne('split-and-mean', 'the mill', (text) => told.push(text)),
    ]
    expect(vectors[0]).toEqual(vectors[1])
    expect(told).toEqual([])
  })
})

test('each way of treating long texts is a space of its own', async () => {
  const modelPath = await tinyModelPath()
  const fingerprints = new Set<string>()
  for (const overlong of ['error', 'truncate', 'split-and-mean'] as const) {
    await using embedder = await openLlamaEmbedder({ modelPath, overlong })
    fingerprints.add(embedder.space.fingerprint)
  }
  expect(fingerprints.size).toBe(3)
})

test('pieces of a split text hold all of it, in order, and none is longer than the room or half of another', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 50 }),
      (tokens, room) => {
        const pieces = fitTokens(tokens, room, 'split-and-mean')
        expect(pieces.flat()).toEqual(tokens)
        const lengths = pieces.map((piece) => piece.length)
        expect(Math.max(...lengths)).toBeLessThanOrEqual(room)
        expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1)
      },
    ),
  )
})

test('the limit is part of the space where longer texts are embedded', async () => {
  const modelPath = await tinyModelPath()
  const fingerprintOf = async (limit: number, overlong: 'error' | 'truncate'): Promise<string> => {
    await using embedder = await openLlamaEmbedder({ modelPath, maxTokens: limit, overlong })
    return embedder.space.fingerprint
  }
  expect(await fingerprintOf(16, 'error')).toBe(await fingerprintOf(64, 'error'))
  expect(await fingerprintOf(16, 'truncate')).not.toBe(await fingerprintOf(64, 'truncate'))
})

test('a limit that special tokens and prefix use up is refused', async () => {
  const modelPath = await tinyModelPath()
  for (const options of [
    { maxTokens: 1 },
    { maxTokens: 2 },
    { maxTokens: 4, documentPrefix: 'the mill ' },
    { maxTokens: 4, queryPrefix: 'the mill ' },
  ]) {
    for (const overlong of ['error', 'truncate', 'split-and-mean'] as const) {
      await using embedder = await openLlamaEmbedder({ modelPath, overlong, ...options })
      await expect(embedder.load()).rejects.toMatchObject({ code: 'OPTION_INVALID' })
    }
  }
})
