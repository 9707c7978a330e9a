import type { SourceContent } from './source-entry.ts'

/** Which stored contents hold a text. Built when it is first asked, kept up to date from then on. */
export interface TextHashIndex {
  add(content: SourceContent): void
  remove(content: SourceContent): void
  /** One of the contents with this text. `all` gives every content that is stored, for the first call. */
  find(textHash: string, all: () => Iterable<SourceContent>): SourceContent | undefined
}

function addTo(index: Map<string, SourceContent[]>, content: SourceContent): void {
  for (const hash of new Set(content.textHashes)) {
    const holders = index.get(hash)
    if (holders === undefined) index.set(hash, [content])
    else holders.push(content)
  }
}

/** An empty index. */
export function createTextHashIndex(): TextHashIndex {
  let index: Map<string, SourceContent[]> | undefined

  return {
    add(content) {
      if (index !== undefined) addTo(index, content)
    },
    remove(content) {
      if (index === undefined) return
      for (const hash of new Set(content.textHashes)) {
        const left = index.get(hash)?.filter((holder) => holder !== content) ?? []
        if (left.length === 0) index.delete(hash)
        else index.set(hash, left)
      }
    },
    find(textHash, all) {
      if (index === undefined) {
        index = new Map()
        for (const content of all()) addTo(index, content)
      }
      return index.get(textHash)?.[0]
    },
  }
}
