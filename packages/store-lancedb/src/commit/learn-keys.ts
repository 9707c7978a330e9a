import type { CallOptions } from '@quern/core'
import type { LanceTables } from '../driver/lance-tables.ts'
import { stringReader } from '../format/read-columns.ts'
import { queryRows } from '../read/read-rows.ts'
import type { KnownKeys } from './known-keys.ts'
import { createKnownSources, createKnownTexts } from './known-keys.ts'
import type { LanceWriter } from './lance-writer.ts'

/** Rows after which a run is taken for a long one. Until then those of its own, which no index knows, are read in no time. */
const longRunRows = 5000
/** …and the share of the rows that it has found: to list fifty takes no longer than to write one or two. */
const longRunShare = 0.02
const rowsAtOnce = 4096

/** What is needed of a writer whose store is to be known. */
export interface LearningWriter extends Pick<
  LanceWriter,
  'exclusive' | 'rowsFound' | 'rowsPut' | 'knownSources' | 'knownTexts'
> {
  readonly context: { readonly tables: Pick<LanceTables, 'chunks'> }
}

type Keys = Record<'sources' | 'texts', KnownKeys>

async function listKeys({ chunks }: Pick<LanceTables, 'chunks'>, { signal }: CallOptions): Promise<Keys> {
  const [sources, texts] = [createKnownSources(true), createKnownTexts(true)]
  const rows = queryRows(chunks, '`source` IS NOT NULL', ['source', 'textHash'], rowsAtOnce)
  for await (const batch of rows) {
    signal?.throwIfAborted()
    const [source, textHash] = [stringReader(batch, 'source', true), stringReader(batch, 'textHash', true)]
    const found = { sources: new Set<string>(), texts: [] as string[] }
    for (let row = 0; row < batch.numRows; row++) {
      found.sources.add(source(row) ?? '')
      const text = textHash(row)
      if (text !== undefined) found.texts.push(text)
    }
    sources.add(found.sources)
    texts.add(found.texts)
  }
  return { sources, texts }
}

/**
 * Lists the sources and texts of a store that was not empty, once a run has become long: from then on those that are not there need not be
 * looked for, neither in the indexes nor among the rows of this run, which no index knows before its end.
 */
export async function learnKeys(writer: LearningWriter, options: CallOptions): Promise<void> {
  const { exclusive, rowsFound, rowsPut } = writer
  if (!exclusive || (writer.knownSources.isComplete() && writer.knownTexts.isComplete())) return
  if (rowsPut < Math.max(longRunRows, longRunShare * rowsFound)) return
  const { sources, texts } = await listKeys(writer.context.tables, options)
  writer.knownSources = sources
  writer.knownTexts = texts
}
