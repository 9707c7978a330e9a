import type { DocumentInterface } from '@langchain/core/documents'
import { compareStrings, hashParts, sha256 } from '@quern/core'
import type { CallOptions, Document, JsonValue, Loader, Segment, Source } from '@quern/core'
import { plainMetadata } from './plain-metadata.ts'

/** What every document loader of LangChain has. */
export interface LangChainLoader {
  /** All documents at once. */
  load(): Promise<DocumentInterface[]>
}

/** How a loader's documents are named. */
export interface LangChainLoaderOptions {
  /** First part of the ids of the sources, unlike that of any folder that is indexed into the same store. */
  readonly name: string
  /** Counted up whenever the loader gives another text for the same thing. Default `1`. */
  readonly version?: string
}

const unchanging = '1970-01-01T00:00:00.000000000Z'

function sourceOf({ metadata, id }: DocumentInterface, index: number): string {
  const source: unknown = metadata?.['source']
  const key = typeof source === 'string' && source !== '' ? source : (id ?? String(index))
  return key.replaceAll('\\', '/').replace(/^\/+/, '').toWellFormed().normalize('NFC')
}

function positive(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
}

/** Page of a PDF, as LangChain's loader of PDFs tells it, or the line of a file of records. */
function placeOf({ metadata }: DocumentInterface): Pick<Segment, 'page' | 'record'> | undefined {
  const place: unknown = metadata?.['loc']
  const page =
    typeof place === 'object' && place !== null && 'pageNumber' in place ? positive(place.pageNumber) : undefined
  if (page !== undefined) return { page }
  const line = positive(metadata?.['line'])
  return line === undefined ? undefined : { record: String(line) }
}

/** What all documents of a source have in common, but for the place in it. */
function sharedMetadata(documents: readonly DocumentInterface[]): { [key: string]: JsonValue } {
  const [first = {}, ...others] = documents.map(({ metadata }) => plainMetadata(metadata))
  const shared = Object.entries(first).filter(([key, value]) => {
    const text = JSON.stringify(value)
    return key !== 'loc' && others.every((other) => JSON.stringify(other[key]) === text)
  })
  return Object.fromEntries(shared)
}

/** Documents of one source as one: pages below each other, each with a segment. */
function joined(id: string, documents: readonly DocumentInterface[]): Document {
  const segments: Segment[] = []
  let pageContent = ''
  for (const document of documents) {
    const text = document.pageContent.replaceAll(/\r\n?/g, '\n').toWellFormed()
    if (pageContent !== '') pageContent += '\n\n'
    const start = pageContent.length
    pageContent += text
    const place = placeOf(document)
    if (place !== undefined && text !== '') segments.push({ start, end: pageContent.length, ...place })
  }
  const metadata = { ...sharedMetadata(documents), source: id }
  return { id, pageContent, metadata, ...(segments.length === 0 ? {} : { segments }) }
}

/**
 * Documents of a LangChain loader as sources: those of one `metadata.source` are one, so that pages of a file change together, and have the
 * metadata that all of them share. One without `source` and `id` is known by its position. The loader
 * gives all its documents at once, so they stand in memory while they are listed; a loader that fails rejects the listing, and nothing is
 * taken for deleted.
 */
export function fromLangChainLoader(loader: LangChainLoader, { name, version = '1' }: LangChainLoaderOptions): Loader {
  const recipe = hashParts('langchain-loader', version)
  const toSource = (key: string, documents: readonly DocumentInterface[], observedAt: string): Source => {
    const id = `${name}/${key}`
    const document = joined(id, documents)
    const contentHash = sha256(JSON.stringify([document.pageContent, document.metadata, document.segments]))
    return {
      id,
      size: Buffer.byteLength(document.pageContent),
      modifiedAt: unchanging,
      observedAt,
      recipe,
      contentHash,
      hash: async ({ signal }: CallOptions = {}) => {
        signal?.throwIfAborted()
        return contentHash
      },
      load: async ({ signal }: CallOptions = {}) => {
        signal?.throwIfAborted()
        return { document, contentHash }
      },
    }
  }
  return {
    covers: (id) => id.startsWith(`${name}/`),
    async *list({ signal } = {}) {
      signal?.throwIfAborted()
      const documents = await loader.load()
      const observedAt = new Date().toISOString().replace('Z', '000000Z')
      const groups = Map.groupBy(documents.entries(), ([index, document]) => sourceOf(document, index))
      for (const key of [...groups.keys()].toSorted(compareStrings)) {
        signal?.throwIfAborted()
        const group = (groups.get(key) ?? []).map(([, document]) => document)
        yield { type: 'source', source: toSource(key, group, observedAt) }
      }
    },
  }
}
