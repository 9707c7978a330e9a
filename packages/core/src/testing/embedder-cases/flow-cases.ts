import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import type { Embedder } from '../../embedder.ts'
import { assertRejectsWith, collect } from '../assertions.ts'
import { assertUnitVectors, collectUntilRejection, sampleTexts, withEmbedder } from '../embedder-assertions.ts'
import type { EmbedderCase, EmbedderHarness } from '../embedder-harness.ts'

const pulled =
  'Pulled: texts are taken from the input only a bounded number ahead of the vectors that the caller has taken.'
const aborting = 'When the signal aborts, the vectors before it are yielded first, then the iteration rejects.'

interface CountedInput {
  readonly texts: AsyncIterable<string> | Iterable<string>
  /** How many texts were taken. */
  readonly taken: () => number
}

/** More texts than any look-ahead takes, but not without end: an embedder that takes all must fail, not hang. */
function countedInput(harness: EmbedderHarness, kind: 'sync' | 'async'): CountedInput {
  const limit = 2 * harness.lookAhead + 100
  let taken = 0
  function* synchronous(): Iterable<string> {
    while (taken < limit) yield `text ${taken++}`
  }
  async function* asynchronous(): AsyncIterable<string> {
    yield* synchronous()
  }
  return { texts: kind === 'sync' ? synchronous() : asynchronous(), taken: () => taken }
}

async function untilQuiet(read: () => number): Promise<void> {
  let last = -1
  for (let quiet = 0; quiet < 5; quiet++) {
    await delay(5)
    const now = read()
    if (now !== last) quiet = 0
    last = now
  }
}

async function assertPulled(harness: EmbedderHarness, embedder: Embedder, kind: 'sync' | 'async'): Promise<void> {
  const input = countedInput(harness, kind)
  const iterator = embedder.embedDocuments(input.texts)[Symbol.asyncIterator]()
  for (let vectors = 0; vectors < 5; vectors++) {
    await untilQuiet(input.taken)
    assert.ok(
      input.taken() <= vectors + harness.lookAhead,
      `${input.taken()} texts are taken after ${vectors} vectors; the harness allows ${harness.lookAhead} ahead`,
    )
    const { done } = await iterator.next()
    assert.ok(done !== true, 'the iteration ends early')
  }
  await iterator.return?.()
}

/** The flow of texts and vectors. */
export const flowCases: readonly EmbedderCase[] = [
  {
    name: 'takes texts from its input only as far ahead as it says',
    clause: pulled,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        await assertPulled(harness, embedder, 'sync')
        await assertPulled(harness, embedder, 'async')
      }),
  },
  {
    name: 'lets an iteration be left early and works on',
    clause: pulled,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        for await (const vector of embedder.embedDocuments(countedInput(harness, 'sync').texts)) {
          assertUnitVectors(embedder, [vector])
          break
        }
        assertUnitVectors(embedder, await collect(embedder.embedDocuments(sampleTexts)))
      }),
  },
  {
    name: 'answers a query before the texts that wait',
    clause: 'Goes ahead of texts that wait in embedDocuments.',
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        const input = countedInput(harness, 'sync')
        const progress = { answered: false, vectorsBefore: 0 }
        const iterator = embedder.embedDocuments(input.texts)[Symbol.asyncIterator]()
        await iterator.next()
        const query = embedder.embedQuery('which mill?').finally(() => {
          progress.answered = true
        })
        for await (const _ of { [Symbol.asyncIterator]: () => iterator }) {
          if (progress.answered) break
          progress.vectorsBefore++
        }
        assertUnitVectors(embedder, [await query])
        assert.ok(
          progress.vectorsBefore <= 2 * harness.lookAhead + 20,
          `${progress.vectorsBefore} texts that came later were embedded before the query`,
        )
      }),
  },
  {
    name: 'rejects a call whose signal is aborted with the reason of the signal',
    clause: 'An aborted call rejects with signal.reason.',
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        for (const loaded of [false, true]) {
          if (loaded) await embedder.load()
          for (const reason of [new Error('stop'), 'a reason that is no error']) {
            const options = { signal: AbortSignal.abort(reason) }
            await assertRejectsWith(() => embedder.load(options), reason, 'load')
            await assertRejectsWith(() => embedder.embedQuery('a', options), reason, 'embedQuery')
            await assertRejectsWith(() => collect(embedder.embedDocuments(['a'], options)), reason, 'embedDocuments')
          }
        }
        assertUnitVectors(embedder, await collect(embedder.embedDocuments(sampleTexts)))
      }),
  },
  {
    name: 'ends an iteration that is aborted midway with the reason of the signal',
    clause: aborting,
    run: (harness) =>
      withEmbedder(harness, async (embedder) => {
        const controller = new AbortController()
        const reason = new Error('stop')
        const input = countedInput(harness, 'async')
        const iterator = embedder.embedDocuments(input.texts, { signal: controller.signal })[Symbol.asyncIterator]()
        const first = await iterator.next()
        assert.ok(first.done !== true, 'the iteration ends early')
        controller.abort(reason)
        const { vectors, error } = await collectUntilRejection({ [Symbol.asyncIterator]: () => iterator })
        assert.equal(error, reason, 'the iteration rejects with something else than the reason')
        assertUnitVectors(embedder, [first.value, ...vectors])
        assertUnitVectors(embedder, await collect(embedder.embedDocuments(sampleTexts)))
      }),
  },
]
