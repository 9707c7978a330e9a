import type { CallOptions, ListingEntry, Loader, Source } from '@quern/core'

/** All entries of a listing. */
export async function listEntries(loader: Loader, options: CallOptions = {}): Promise<ListingEntry[]> {
  return Array.fromAsync(loader.list(options))
}

/** One line an entry: the id of a source, or `<id> <reason>`. */
export async function listLines(loader: Loader): Promise<string[]> {
  const entries = await listEntries(loader)
  return entries.map((entry) => (entry.type === 'source' ? entry.source.id : `${entry.id} ${entry.reason}`))
}

/** The listed sources. */
export async function listSources(loader: Loader): Promise<Source[]> {
  const entries = await listEntries(loader)
  return entries.flatMap((entry) => (entry.type === 'source' ? [entry.source] : []))
}

/** The only source of a listing. */
export async function onlySource(loader: Loader): Promise<Source> {
  const [source, ...others] = await listSources(loader)
  if (source === undefined || others.length > 0) throw new Error('the listing has not exactly one source')
  return source
}
