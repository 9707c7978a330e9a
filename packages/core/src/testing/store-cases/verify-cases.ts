import assert from 'node:assert/strict'
import type { SourceChunks, VectorStore } from '../../vector-store.ts'
import { collect } from '../assertions.ts'
import { hostileStrings } from '../hostile-strings.ts'
import { sampleSource, sampleSources, sampleSpace, sampleVersions, withState } from '../sample-sources.ts'
import { assertHolds, commitVersions, observeDuring, withStore } from '../store-assertions.ts'
import type { VectorStoreCase } from '../vector-store-harness.ts'

const sound = 'Of a sound store it yields nothing.'

async function assertSound(store: VectorStore, what: string): Promise<void> {
  assert.deepEqual(await collect(store.verify()), [], `verify() of ${what}`)
}

/** Verification. They hold as well when the store is opened again after each commit. */
export const verifyCases: readonly VectorStoreCase[] = [
  {
    name: 'finds nothing wrong with a new store, and with one that holds sources',
    clause: sound,
    run: (harness) =>
      withStore(harness, async (store) => {
        await assertSound(store, 'a new store')
        await store.commit({ put: [...sampleSources(30), sampleSource('docs/empty.md', [])] })
        await assertSound(store, 'a store with 31 sources')
        for (const source of sampleSources(9)) await store.commit({ put: [source] })
        await assertSound(store, 'a store after ten commits')
      }),
  },
  {
    name: 'finds nothing wrong after sources were replaced, touched and deleted',
    clause: sound,
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(6)
        const [touched] = sources.slice(2).map((source) => withState(source, { size: 7 }))
        await store.commit({ put: sources })
        await store.commit({ put: [sampleSource('docs/0.md', ['other']), sampleSource('docs/1.md', [])] })
        await assertSound(store, 'a store with replaced sources')
        await store.commit({ touch: [(touched as SourceChunks).state] })
        await assertSound(store, 'a store with a touched source')
        await store.commit({ delete: ['docs/3.md', 'docs/4.md'] })
        await assertSound(store, 'a store with deleted sources')
        await store.commit({ delete: ['docs/0.md', 'docs/1.md', 'docs/2.md', 'docs/5.md'] })
        await assertSound(store, 'a store whose sources were all deleted')
      }),
  },
  {
    name: 'finds nothing wrong before and after maintenance',
    clause: sound,
    run: (harness) =>
      withStore(harness, async (store) => {
        for (let round = 0; round < 3; round++) {
          for (const source of sampleSources(7)) await store.commit({ put: [source] })
          await store.commit({ delete: [`docs/${round}.md`] })
          await store.maintain()
          await assertSound(store, `a store after maintenance ${round + 1}`)
        }
      }),
  },
  {
    name: 'finds nothing wrong with ids, texts and metadata of any characters',
    clause: sound,
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = hostileStrings.map((text, i) =>
          sampleSource(text, [{ text: `${text}.`, id: `${i} ${text}`, metadata: { value: text } }]),
        )
        await store.commit({ put: sources })
        await assertSound(store, 'a store of odd strings')
      }),
  },
  {
    name: 'changes nothing by verification',
    clause: 'Changes nothing, and rejects only when a fault keeps it from going on.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(5)
        await store.commit({ put: sources })
        await store.commit({ delete: ['docs/4.md'] })
        const before = await store.stats()
        await assertSound(store, 'a store')
        await assertSound(store, 'a store that was verified before')
        assert.deepEqual(await store.stats(), before, 'stats() after verification')
        await assertHolds(store, sources.slice(0, 4))
      }),
  },
]

/** Verification beside other calls, and its end. */
export const runningVerifyCases: readonly VectorStoreCase[] = [
  {
    name: 'finds nothing wrong while commits run',
    clause: sound,
    run: (harness) =>
      withStore(harness, async (store) => {
        await observeDuring(commitVersions(store, sampleVersions()), () => assertSound(store, 'a store in use'))
      }),
  },
  {
    name: 'lets readers verify, also while the writer commits',
    clause: sound,
    needs: 'readers',
    run: (harness) =>
      withStore(harness, async (writer, place) => {
        await writer.commit({ put: sampleSources(3) })
        await using staying = await harness.open(place, { mode: 'read', space: sampleSpace })
        await assertSound(staying, 'a reader')
        await observeDuring(commitVersions(writer, sampleVersions()), async () => {
          await assertSound(staying, 'a reader beside a writer')
          await using reader = await harness.open(place, { mode: 'read', space: sampleSpace })
          await assertSound(reader, 'a new reader beside a writer')
        })
      }),
  },
  {
    name: 'ends a verification that is aborted on its way with nothing found or with the reason of the signal',
    clause: 'An aborted call rejects with signal.reason. Of a sound store it yields nothing.',
    run: (harness) =>
      withStore(harness, async (store) => {
        const sources = sampleSources(20)
        await store.commit({ put: sources })
        for (let turns = 0; turns < 6; turns++) {
          const controller = new AbortController()
          const reason = new Error('stop')
          const outcome = collect(store.verify({ signal: controller.signal })).catch((thrown: unknown) => thrown)
          for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
          controller.abort(reason)
          const settled = await outcome
          if (settled !== reason) assert.deepEqual(settled, [], 'a verification that was aborted ended otherwise')
        }
        await assertSound(store, 'a store whose verification was aborted')
        await assertHolds(store, sources)
      }),
  },
]
