import assert from 'node:assert/strict'
import type { SourceChunks, VectorStore } from '../../vector-store.ts'
import {
  otherSpace,
  randomVector,
  sampleSource,
  sampleSources,
  sampleSpace,
  sampleVersions,
} from '../sample-sources.ts'
import { assertRefused, collect } from '../assertions.ts'
import { assertFindsWords } from '../keyword-assertions.ts'
import {
  assertHolds,
  assertWholeVersion,
  commitVersions,
  observeDuring,
  openWriter,
  withStore,
} from '../store-assertions.ts'
import type { VectorStoreCase, VectorStoreHarness } from '../vector-store-harness.ts'
import { assertAnswer } from './search-cases.ts'

const readers = 'Readers are never blocked and never see half a source.'

function openReader(harness: VectorStoreHarness, place: AsyncDisposable): Promise<VectorStore> {
  return harness.open(place, { mode: 'read', space: sampleSpace })
}

/** Commits a hundred versions of a source, and has readers opened meanwhile that must see whole ones, the acknowledged or newer. */
async function assertNeverOlder(
  harness: VectorStoreHarness,
  writer: VectorStore,
  place: AsyncDisposable,
): Promise<void> {
  const versions = Array.from({ length: 100 }, (_, version) =>
    sampleSource(
      'docs/a.md',
      Array.from({ length: 1 + (version % 7) }, (__, i) => `text ${i} of version ${version}`),
    ),
  )
  const [first, ...later] = versions as [SourceChunks, ...SourceChunks[]]
  let acknowledged = 0
  await writer.commit({ put: [first] })
  const commitAll = async (): Promise<void> => {
    for (const [index, version] of later.entries()) {
      await writer.commit({ put: [version] })
      acknowledged = index + 1
    }
  }
  await using staying = await openReader(harness, place)
  await observeDuring(commitAll(), async () => {
    await assertWholeVersion(staying, versions)
    const oldest = acknowledged
    await using reader = await openReader(harness, place)
    await assertWholeVersion(reader, versions.slice(oldest))
  })
  await using last = await openReader(harness, place)
  await assertHolds(last, versions.slice(-1))
}

/** Readers beside a writer. */
export const readerCases: readonly VectorStoreCase[] = [
  {
    name: 'shows a reader everything that was committed before it was opened',
    clause: readers,
    needs: 'readers',
    run: (harness) =>
      withStore(harness, async (writer, place) => {
        const sources = sampleSources(6)
        await writer.commit({ put: sources.slice(0, 4) })
        await writer.commit({ put: sources.slice(4), delete: ['docs/0.md'] })
        for (const closed of [false, true]) {
          if (closed) await writer.close()
          await using reader = await openReader(harness, place)
          await assertHolds(reader, sources.slice(1))
          const hashes = sources[2]?.chunks.map(({ textHash }) => textHash) ?? []
          assert.equal((await reader.findVectors(hashes)).size, hashes.length)
          const query = { mode: 'vector', vector: randomVector(1), limit: 4 } as const
          assertAnswer(await reader.search(query), query, sources.slice(1))
        }
      }),
  },
  {
    name: 'refuses commits to a reader',
    clause: 'Refused: a store opened for reading (STORE_READ_ONLY).',
    needs: 'readers',
    run: (harness) =>
      withStore(harness, async (writer, place) => {
        const sources = sampleSources(2)
        await writer.commit({ put: sources })
        await using reader = await openReader(harness, place)
        await assertRefused(() => reader.commit({ put: sampleSources(3) }), 'STORE_READ_ONLY', 'commit to a reader')
        await assertRefused(() => reader.commit({ delete: ['docs/0.md'] }), 'STORE_READ_ONLY', 'delete by a reader')
        await assertHolds(reader, sources)
        await assertHolds(writer, sources)
      }),
  },
  {
    name: 'lets readers come and go without regard to the writer',
    clause: readers,
    needs: 'readers',
    run: (harness) =>
      withStore(harness, async (writer, place) => {
        const sources = sampleSources(4)
        await writer.commit({ put: sources.slice(0, 2) })
        await using staying = await openReader(harness, place)
        {
          await using first = await openReader(harness, place)
          await using second = await openReader(harness, place)
          await Promise.all([first, second].map((reader) => assertHolds(reader, sources.slice(0, 2))))
        }
        await writer.commit({ put: sources.slice(2) })
        if (harness.traits.locks)
          await assertRefused(
            () => openWriter(harness, place),
            'STORE_BUSY',
            'a second writer after a reader was closed',
          )
        const seen = (await collect(staying.listSources())).length
        assert.ok(seen === 2 || seen === 4, `a reader sees ${seen} sources of a batch of two that came after two`)
        await staying.close()
        await assertRefused(() => staying.stats(), 'STORE_CLOSED', 'stats of a closed reader')
        await assertHolds(writer, sources)
      }),
  },
  {
    name: 'never shows readers half a source while the writer commits',
    clause: readers,
    needs: 'readers',
    run: (harness) =>
      withStore(harness, async (writer, place) => {
        const versions = sampleVersions()
        await writer.commit({ put: versions.slice(-1) })
        await using staying = await openReader(harness, place)
        await observeDuring(commitVersions(writer, versions), async () => {
          await assertWholeVersion(staying, versions)
          await using reader = await openReader(harness, place)
          await assertWholeVersion(reader, versions)
        })
      }),
  },
  {
    name: 'shows readers whole versions only over a hundred commits, none older than was acknowledged',
    clause: `${readers} Durable when it resolves.`,
    needs: 'readers',
    run: (harness) => withStore(harness, (writer, place) => assertNeverOlder(harness, writer, place)),
  },
  {
    name: 'lets readers go on while the writer maintains',
    clause: `${readers} Maintenance changes nothing that a reader can see but speed and size.`,
    needs: 'readers',
    run: (harness) =>
      withStore(harness, async (writer, place) => {
        const sources = sampleSources(20)
        for (const source of [...sources, ...sources]) await writer.commit({ put: [source] })
        await using reader = await openReader(harness, place)
        const iterator = reader.getChunks()[Symbol.asyncIterator]()
        const first = await iterator.next()
        assert.ok(first.done !== true, 'getChunks() of a reader yields nothing')
        await writer.maintain()
        await writer.maintain()
        const rest = await collect({ [Symbol.asyncIterator]: () => iterator })
        assert.equal(rest.length, 59, 'an iteration of a reader is cut short by maintenance')
        await assertHolds(reader, sources)
        const query = { mode: 'vector', vector: randomVector(1), limit: 10 } as const
        assertAnswer(await reader.search(query), query, sources)
      }),
  },
  {
    name: 'lets readers search by words',
    clause: `${readers} Search modes that this store answers.`,
    needs: ['readers', 'keywords'],
    run: (harness) =>
      withStore(harness, async (writer, place) => {
        const first = sampleSource('docs/a.md', ['quorb vlomk', 'drazk'])
        await writer.commit({ put: [first] })
        {
          await using reader = await openReader(harness, place)
          for (const word of ['quorb', 'drazk', 'blunx']) await assertFindsWords(reader, word, [first])
        }
        const second = sampleSource('docs/a.md', ['quorb', 'blunx'])
        await writer.commit({ put: [second] })
        await using reader = await openReader(harness, place)
        for (const word of ['quorb', 'drazk', 'blunx', 'vlomk']) await assertFindsWords(reader, word, [second])
        const vector = randomVector(1)
        assert.equal((await reader.search({ mode: 'hybrid', text: 'quorb', vector, limit: 9 })).length, 2)
      }),
  },
  {
    name: 'shows readers nothing of a batch that was refused',
    clause: 'Refused as a whole, before anything is written.',
    needs: 'readers',
    run: (harness) =>
      withStore(harness, async (writer, place) => {
        const sources = sampleSources(2)
        await writer.commit({ put: sources })
        const bad = sampleSource('docs/bad.md', [{ text: 'a', vector: new Float32Array(sampleSpace.dimensions) }])
        const batch = { put: [sampleSource('docs/0.md', ['changed']), bad], delete: ['docs/1.md'] }
        await assertRefused(() => writer.commit(batch), 'VECTOR_INVALID', 'commit of a batch with a vector of zeros')
        await using reader = await openReader(harness, place)
        await assertHolds(reader, sources)
      }),
  },
  {
    name: 'refuses a reader with another space',
    clause: 'Opening with a space whose fingerprint is not the store’s rejects with STORE_SPACE_MISMATCH.',
    needs: 'readers',
    run: (harness) =>
      withStore(harness, async (writer, place) => {
        await writer.commit({ put: sampleSources(1) })
        const open = (): Promise<unknown> => harness.open(place, { mode: 'read', space: otherSpace })
        await assertRefused(open, 'STORE_SPACE_MISMATCH', 'opening a reader with another space')
      }),
  },
]
