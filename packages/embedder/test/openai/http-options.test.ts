import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resolveHttpOptions } from '../../src/openai/resolve-http-options.ts'
import { tokenBound } from '../../src/openai/token-bound.ts'
import { openOn, refusal } from './open-on-server.ts'

const required = { baseUrl: 'http://127.0.0.1:8080/v1', model: 'words', dimensions: 8 }

describe('options', () => {
  test('the endpoint is /embeddings under the address, with or without a slash at its end', () => {
    for (const [baseUrl, endpoint] of [
      ['http://localhost:8080/v1', 'http://localhost:8080/v1/embeddings'],
      ['http://localhost:8080/v1//', 'http://localhost:8080/v1/embeddings'],
      ['https://example.org', 'https://example.org/embeddings'],
      ['https://example.org/a/v1?x=1#y', 'https://example.org/a/v1/embeddings?x=1'],
    ]) {
      expect(resolveHttpOptions({ ...required, baseUrl: baseUrl ?? '' }).endpoint.href).toBe(endpoint)
    }
  })

  test('what makes no sense is refused by its name', async () => {
    for (const [option, value] of [
      ['baseUrl', 'localhost:8080/v1'],
      ['baseUrl', '/v1'],
      ['baseUrl', 'file:///v1'],
      ['model', ' '],
      ['dimensions', 0],
      ['dimensions', 1.5],
      ['maxTokens', 0],
      ['concurrency', 0],
      ['batchTexts', 0],
      ['batchTexts', 2049],
      ['batchTokens', -1],
      ['timeoutMs', 0],
      ['timeoutMs', 300_001],
      ['retries', -1],
      ['retries', Number.POSITIVE_INFINITY],
      ['mostRetryAfterMs', Number.NaN],
      ['encodingFormat', 'hex'],
    ] as const) {
      const error = await refusal(openOn(required, { [option]: value }))
      expect(error, `${option} ${value}`).toMatchObject({ code: 'OPTION_INVALID', details: { option } })
      expect(error.hint).not.toBe('')
    }
  })

  test('a retry waits for a time at random between half a step and a whole one, which doubles up to a limit', () => {
    const { retryDelayMs } = resolveHttpOptions(required)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (attempts) => {
        const step = Math.min(30_000, 500 * 2 ** (attempts - 1))
        const delay = retryDelayMs(attempts)
        expect(delay).toBeGreaterThan(step / 2 - 1)
        expect(delay).toBeLessThanOrEqual(step)
      }),
    )
  })
})

describe('tokenBound', () => {
  test('is at least the bytes of a text, and the letters of all its forms, with special tokens', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bound = tokenBound(text)
        expect(bound).toBeGreaterThanOrEqual(Buffer.byteLength(text) + 3)
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'])
          expect(bound).toBeGreaterThanOrEqual(Array.from(text.normalize(form)).length + 3)
      }),
    )
  })

  test('grows with a text, and is the bytes of plain English and three', () => {
    expect(tokenBound('The mill grinds.')).toBe(19)
    expect(tokenBound('\uFDFA')).toBeGreaterThanOrEqual(18 + 3)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => tokenBound(`${text} ${text} a`) > tokenBound(text)),
    )
  })
})
