import type { SourceContent } from './source-entry.ts'

/** Which stored contents hold a text. Built when it is first asked, kept up to date from then on. */
export interface TextHashIndex {
  add(content: SourceContent): void
  remove(content: SourceContent): void
  /** One of the contents with this text. `all` gives every content that is stored, for the first call. */
  find(textHash: string, all: () => Iterable<SourceContent>): SourceContent | undefined
}

/** By text hash: the content that holds the text, or a set of those that do, since most texts stand in one source. */
type Holders = Map<string, SourceContent | Set<SourceContent>>

function addTo(index: Holders, content: SourceContent): void {
  for (const hash of content.textHashes) {
    const holders = index.get(hash)
    if (holders === undefined) index.set(hash, content)
    else if (holders instanceof Set) holders.add(content)
    else if (holders !== content) index.set(hash, new Set([holders, content]))
  }
}

function removeFrom(index: Holders, content: SourceContent): void {
  for (const hash of content.textHashes) {
    const holders = index.get(hash)
    if (holders instanceof Set) holders.delete(content)
    if (holders === content || (holders instanceof Set && holders.size === 0)) index.delete(hash)
  }
}

/** An empty index. */
export function createTextHashIndex(): TextHashIndex {
  let index: Holders | undefined

  return {
    add(content) {
      if (index !== undefined) addTo(index, content)
    },
    remove(content) {
      if (index !== undefined) removeFrom(index, content)
    },
    find(textHash, all) {
      if (index === undefined) {
        index = new Map()
        for (const content of all()) addTo(index, content)
      }
      const holders = index.get(textHash)
      return holders instanceof Set ? holders.values().next().value : holders
    },
  }
}
