import { compareStrings } from '@quern/core'
import type { FolderEntry } from './file-system.ts'

/** An entry of a folder, and what its ids are ordered by. */
export interface SortedEntry extends FolderEntry {
  /** Name in NFC. */
  readonly normalName: string
  /** `normalName`, for folders with `/`: in the order of these keys come the ids of all that is in the folder. */
  readonly key: string
}

/** Sorts the entries of a folder so that the ids of all files below come in ascending order. */
export function sortEntries(entries: readonly FolderEntry[]): SortedEntry[] {
  return entries
    .map(({ name, kind }) => {
      const normalName = name.normalize('NFC')
      return { name, kind, normalName, key: kind === 'folder' ? `${normalName}/` : normalName }
    })
    .toSorted((a, b) => compareStrings(a.key, b.key) || compareStrings(a.name, b.name))
}
