import type { Chunker, Embedder, ListingEntry, Loader, Source, VectorStore } from '@quern/core'
import type { StageClock } from './stage-clock.ts'

/** What a run is made of. */
export interface TimedStages {
  readonly loader: Loader
  readonly chunker: Chunker
  readonly embedder: Embedder
  readonly store: VectorStore
}

/** The same object with some methods in place of its own. The others are called on the object itself, which may have private members. */
function replacing<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(object, key) {
      if (key in methods) return methods[key as keyof T]
      const value: unknown = Reflect.get(object, key, object)
      return typeof value === 'function' ? value.bind(object) : value
    },
  })
}

function timeSource(source: Source, clock: StageClock): Source {
  return replacing(source, {
    hash: (options) => clock.during('load', () => source.hash(options)),
    load: (options) => clock.during('load', () => source.load(options)),
  })
}

async function* timeListing(entries: AsyncIterable<ListingEntry>, clock: StageClock): AsyncGenerator<ListingEntry> {
  for await (const entry of clock.iterate('list', entries)) {
    yield entry.type === 'source' ? { ...entry, source: timeSource(entry.source, clock) } : entry
  }
}

/** The same stages, each of which tells the clock when it is at work. Loading the model counts as embedding. */
export function timeStages({ loader, chunker, embedder, store }: TimedStages, clock: StageClock): TimedStages {
  return {
    loader: replacing(loader, { list: (options) => timeListing(loader.list(options), clock) }),
    chunker: replacing(chunker, { split: (document) => clock.iterate('split', chunker.split(document)) }),
    embedder: replacing(embedder, {
      load: (options) => clock.during('embed', () => embedder.load(options)),
      embedDocuments: (texts, options) => clock.iterate('embed', embedder.embedDocuments(texts, options), true),
    }),
    store: replacing(store, {
      listSources: (options) => clock.iterate('store', store.listSources(options)),
      findVectors: (hashes, options) => clock.during('store', () => store.findVectors(hashes, options)),
      commit: (batch, options) => clock.during('store', () => store.commit(batch, options)),
      close: () => clock.during('store', () => store.close()),
    }),
  }
}
