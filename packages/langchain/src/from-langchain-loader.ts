import type { DocumentInterface } from '@langchain/core/documents'
import { compareStrings, hashParts, sha256 } from '@quern/core'
import type { CallOptions, Document, JsonValue, Loader, Segment, Source } from '@quern/core'

/** What every document loader of LangChain has. */
export interface LangChainLoader {
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
  const source: unknown = metadata['source']
  const key = typeof source === 'string' && source !== '' ? source : (id ?? String(index))
  return key.replace(/^\/+/, '').normalize('NFC')
}

function pageOf({ metadata }: DocumentInterface): number | undefined {
  const place: unknown = metadata['loc']
  const page: unknown =
    typeof place === 'object' && place !== null && 'pageNumber' in place ? place.pageNumber : undefined
  return typeof page === 'number' && Number.isSafeInteger(page) && page > 0 ? page : undefined
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
    const page = pageOf(document)
    if (page !== undefined && text !== '') segments.push({ start, end: pageContent.length, page })
  }
  const { loc: _, source: __, ...metadata } = (documents[0]?.metadata ?? {}) as Record<string, unknown>
  const plain = JSON.parse(JSON.stringify(metadata)) as { [key: string]: JsonValue }
  return { id, pageContent, metadata: { ...plain, source: id }, ...(segments.length === 0 ? {} : { segments }) }
}

/**
 * Documents of a LangChain loader as sources: those of one `metadata.source` are one, so that pages of a file change together. The loader
 * gives all its documents at once, so they stand in memory while they are listed; a loader that fails rejects the listing, and nothing is
 * taken for deleted.
 */
export function fromLangChainLoader(loader: LangChainLoader, { name, version = '1' }: LangChainLoaderOptions): Loader {
  const recipe = hashParts('langchain-loader', version)
  const toSource = (key: string, documents: readonly DocumentInterface[], observedAt: string): Source => {
    const id = `${name}/${key}`
    const document = joined(id, documents)
    const contentHash = sha256(JSON.stringify([document.pageContent, document.metadata]))
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
