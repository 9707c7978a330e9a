import assert from 'node:assert/strict'
import { isQuernError } from '../../quern-error.ts'
import { assertRefused, collect } from '../assertions.ts'
import { assertUnitVectors, collectUntilRejection, sampleTexts, withEmbedder } from '../embedder-assertions.ts'
import type { EmbedderCase } from '../embedder-harness.ts'

const disposing = 'After disposal every call rejects with EMBEDDER_CLOSED; disposing twice is safe.'

/** Loading and disposal. */
export const lifecycleCases: readonly EmbedderCase[] = [
  {
    name: 'knows its space and its limit before the model is loaded',
    clause: 'Known without loading the model, so that a run with nothing to do stays light.',
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        const { space, maxTokens } = embedder
        const before = { ...space, maxTokens }
        assert.ok(space.model !== '' && space.fingerprint !== '', 'the space has no model or no fingerprint')
        for (const [what, number] of Object.entries({ dimensions: space.dimensions, maxTokens }))
          assert.ok(Number.isSafeInteger(number) && number > 0, `${what} is ${number}`)
        await assertRefused(async () => embedder.countTokens('a'), 'EMBEDDER_NOT_LOADED', 'countTokens before load')
        await embedder.load()
        assert.deepEqual({ ...embedder.space, maxTokens: embedder.maxTokens }, before, 'loading changes them')
      }),
  },
  {
    name: 'counts no tokens before the model is loaded',
    clause: 'Throws EMBEDDER_NOT_LOADED before load has resolved.',
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        const count = async (): Promise<number> => embedder.countTokens('a')
        await assertRefused(count, 'EMBEDDER_NOT_LOADED', 'countTokens before load')
        await embedder.load()
        assert.ok((await count()) > 0)
      }),
  },
  {
    name: 'has the same space each time it is opened',
    clause: 'Hash of everything that changes a vector for equal text.',
    run: (harness) =>
      withEmbedder(harness, (first) =>
        withEmbedder(harness, async (second) => {
          assert.deepEqual(second.space, first.space)
        }),
      ),
  },
  {
    name: 'may be loaded twice and from several places at once',
    clause: 'Loads the model. Idempotent and safe to call at once from several places.',
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        await Promise.all([embedder.load(), embedder.load(), embedder.embedQuery('a')])
        await embedder.load()
        assert.ok(embedder.countTokens('a') > 0)
        assertUnitVectors(embedder, await collect(embedder.embedDocuments(sampleTexts)))
      }),
  },
  {
    name: 'loads the model by itself for a query and for documents',
    clause: 'embedQuery and embedDocuments call it.',
    run: async (harness) => {
      await withEmbedder(harness, async (embedder) => {
        assertUnitVectors(embedder, [await embedder.embedQuery('a')])
        assert.ok(embedder.countTokens('a') > 0)
      })
      await withEmbedder(harness, async (embedder) => {
        assertUnitVectors(embedder, await collect(embedder.embedDocuments(['a'])))
        assert.ok(embedder.countTokens('a') > 0)
      })
    },
  },
  {
    name: 'rejects every call once it is disposed of',
    clause: disposing,
    run: async (harness) => {
      for (const loaded of [false, true]) {
        await withEmbedder(harness, async (embedder) => {
          if (loaded) await embedder.load()
          await embedder[Symbol.asyncDispose]()
          const calls: Record<string, () => Promise<unknown>> = {
            load: () => embedder.load(),
            embedQuery: () => embedder.embedQuery('a'),
            embedDocuments: () => collect(embedder.embedDocuments(['a'])),
            countTokens: async () => embedder.countTokens('a'),
          }
          for (const [what, call] of Object.entries(calls))
            await assertRefused(call, 'EMBEDDER_CLOSED', `${what} after disposal, ${loaded ? '' : 'not '}loaded`)
        })
      }
    },
  },
  {
    name: 'may be disposed of twice and at once, loaded or not',
    clause: disposing,
    run: async (harness) => {
      for (const loaded of [false, true]) {
        await withEmbedder(harness, async (embedder) => {
          if (loaded) await embedder.load()
          await Promise.all([embedder[Symbol.asyncDispose](), embedder[Symbol.asyncDispose]()])
          await embedder[Symbol.asyncDispose]()
        })
      }
    },
  },
  {
    name: 'ends an iteration that runs when it is disposed of',
    clause: disposing,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        const texts = Array.from({ length: 2 * harness.lookAhead + 100 }, (_, i) => `text ${i}`)
        const iterator = embedder.embedDocuments(texts)[Symbol.asyncIterator]()
        const first = await iterator.next()
        assert.ok(first.done !== true, 'the iteration ends early')
        await embedder[Symbol.asyncDispose]()
        const { vectors, error } = await collectUntilRejection({ [Symbol.asyncIterator]: () => iterator })
        assert.ok(isQuernError(error, 'EMBEDDER_CLOSED'), `expected EMBEDDER_CLOSED, got ${String(error)}`)
        assertUnitVectors(embedder, [first.value, ...vectors])
      }),
  },
]
