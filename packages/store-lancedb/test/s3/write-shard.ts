import { argv } from 'node:process'
import { openLanceStore } from '../../src/index.ts'
import { corpusSources, space } from './sample-corpus.ts'

/** What a writer in a process of its own does. */
export interface ShardWriting {
  readonly uri: string
  readonly storageOptions: Readonly<Record<string, string>>
  /** The sources, as for `corpusSources`. */
  readonly from: number
  readonly count: number
  readonly step: number
  /** Sources in each commit. */
  readonly batch: number
}

/** Opens a store, writes a shard of the corpus batch by batch, and tells each source that the store has acknowledged. */
const { uri, storageOptions, from, count, step, batch } = JSON.parse(argv[2] ?? '{}') as ShardWriting
const sources = corpusSources(from, count, step)
await using store = await openLanceStore({ uri, storageOptions, mode: 'write', space, wordIndex: 'never' })
process.stdout.write('open\n')
for (let at = 0; at < sources.length; at += batch) {
  const put = sources.slice(at, at + batch)
  await store.commit({ put })
  process.stdout.write(put.map(({ state }) => `${state.id}\n`).join(''))
}
