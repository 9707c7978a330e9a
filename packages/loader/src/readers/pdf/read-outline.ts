import { readString } from './pdfium.ts'
import type { Pdfium, Pointer } from './pdfium.ts'

/** An entry of a document's outline (its bookmarks). */
export interface OutlineEntry {
  /** From 1. */
  readonly level: number
  readonly title: string
}

/** An outline may be longer, deeper, or run in circles: what is beyond these is left out. */
const mostEntries = 20_000
const deepestLevel = 16

interface Position {
  readonly bookmark: Pointer
  readonly level: number
}

/** The entries of the outline in order, by the index of the page that they lead to. Entries that lead nowhere are left out. */
export function readOutline(engine: Pdfium, document: Pointer): ReadonlyMap<number, readonly OutlineEntry[]> {
  const byPage = new Map<number, OutlineEntry[]>()
  const open: Position[] = [{ bookmark: engine.FPDFBookmark_GetFirstChild(document, 0), level: 1 }]
  for (let count = 0; count < mostEntries; count++) {
    const position = open.pop()
    if (position === undefined) break
    const { bookmark, level } = position
    if (bookmark === 0) continue
    const title = readString(engine, (buffer, bytes) => engine.FPDFBookmark_GetTitle(bookmark, buffer, bytes))
    const destination = engine.FPDFBookmark_GetDest(document, bookmark)
    const page = destination === 0 ? -1 : engine.FPDFDest_GetDestPageIndex(document, destination)
    if (title !== undefined && page >= 0) {
      const entries = byPage.get(page) ?? []
      entries.push({ level, title })
      byPage.set(page, entries)
    }
    open.push({ bookmark: engine.FPDFBookmark_GetNextSibling(document, bookmark), level })
    if (level < deepestLevel) {
      open.push({ bookmark: engine.FPDFBookmark_GetFirstChild(document, bookmark), level: level + 1 })
    }
  }
  return byPage
}
