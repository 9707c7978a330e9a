import type { SkippedPath, WalkOptions } from './examine-file.ts'
import { skipPath } from './examine-file.ts'
import type { IgnoreRules } from './ignore-rules.ts'
import { noIgnoreRules } from './ignore-rules.ts'
import type { ResolvedRoot } from './resolve-roots.ts'
import { addIgnoreFiles } from './rules-above.ts'
import { sortEntries } from './sort-entries.ts'
import type { SortedEntry } from './sort-entries.ts'
import { isStoreFolder } from './store-folder.ts'

/** One walk over one root. */
export interface Walk {
  readonly root: ResolvedRoot
  readonly options: WalkOptions
  /** Path of the root relative to the top of the ignore rules, with `/`; empty if it is the top itself. */
  readonly base: string
}

/** Where a folder stands. */
export interface FolderPlace {
  readonly id: string
  readonly path: string
  readonly rules: IgnoreRules
  /** Folders that it lies in; links resolved. */
  readonly above: readonly string[]
  /** Number of links on the way to it. */
  readonly links: number
}

/** A folder whose entries are known. */
export interface OpenFolder extends FolderPlace {
  /** Folders that what is in it lies in, its own path included. */
  readonly above: readonly string[]
  /** Those in scope, in the order of the ids of all that is below them. */
  readonly entries: readonly SortedEntry[]
  /** What comes before a name in its path relative to the root, with `/` at its end; empty for the root itself. */
  readonly inRoot: string
  /** The same, relative to the top of the ignore rules. */
  readonly fromTop: string
}

function pathInRoot(id: string, { root }: Walk): string {
  return id.slice(root.name.length + 1)
}

/** What comes before the name of something below these folders, of which any may be none at all. */
function below(...paths: readonly string[]): string {
  return paths.map((path) => (path === '' ? '' : `${path}/`)).join('')
}

function placeEntries(place: FolderPlace, entries: readonly SortedEntry[], walk: Walk): OpenFolder {
  const path = pathInRoot(place.id, walk)
  const above = [...place.above, place.path]
  return { ...place, above, entries, inRoot: below(path), fromTop: below(walk.base, path) }
}

/** Reads a folder and its rules; the reason if it is not to be entered. Rejects with what the system says. */
export async function openFolder(place: FolderPlace, walk: Walk): Promise<OpenFolder | SkippedPath> {
  const { id, path, rules: rulesAbove } = place
  const { fileSystem, ignoreFiles } = walk.options
  const { scope } = walk.root
  const entries = await fileSystem.readFolder(path)
  if (id !== walk.root.name && (await isStoreFolder(path, entries, fileSystem))) {
    return skipPath({ id }, 'IGNORED', 'a store of Quern')
  }
  const folder = [walk.base, pathInRoot(id, walk)].filter((part) => part !== '').join('/')
  const rules = ignoreFiles ? await addIgnoreFiles(rulesAbove, { path, folder, entries }, fileSystem) : rulesAbove
  const open = placeEntries({ ...place, rules }, sortEntries(entries), walk)
  if (scope === undefined) return open
  // In scope is what belongs to the part of the root that is listed, or leads to it.
  const inScope = open.entries.filter(({ normalName }) => scope.place(`${open.inRoot}${normalName}`) !== 'outside')
  return { ...open, entries: inScope }
}

/** The files that a root of named files consists of, as a folder. */
export function openNamedFiles(walk: Walk): OpenFolder {
  const { name, path, files = [] } = walk.root
  const entries = sortEntries(files.map((file) => ({ name: file, kind: 'file' as const })))
  return placeEntries({ id: name, path, rules: noIgnoreRules, above: [], links: 0 }, entries, walk)
}
