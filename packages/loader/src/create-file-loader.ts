import { join } from 'node:path'
import type { CallOptions, ListingEntry, Loader } from '@quern/core'
import { builtInRule } from './built-in-rules.ts'
import type { WalkOptions } from './examine-file.ts'
import { explainPath } from './explain-path.ts'
import type { PathExplanation } from './explain-path.ts'
import { resolveLoaderOptions } from './file-loader-options.ts'
import type { FileLoaderOptions } from './file-loader-options.ts'
import { createFileSource, recipeOfReader } from './file-source.ts'
import { createNodeFileSystem } from './file-system.ts'
import type { FileSystem } from './file-system.ts'
import type { Reader } from './readers/reader.ts'
import { listRecords } from './records/list-records.ts'
import { recordFormat } from './records/record-rule.ts'
import type { ResolvedRoot } from './resolve-roots.ts'
import { resolveRoots } from './resolve-roots.ts'
import { rootError } from './root-error.ts'
import { walkRoot } from './walk-root.ts'

/** Lists and loads the files below its roots. Close it when done: it ends the worker that some formats are read in. */
export interface FileLoader extends Loader, AsyncDisposable {
  /** The folders that are listed, with links resolved, in the order in which they are listed. */
  readonly roots: readonly { readonly name: string; readonly path: string }[]
  /**
   * Why a file or folder is listed or not: the rule, glob, limit or fault that decides. Looks at the path itself and the folders above
   * it. Relative paths start at the working directory.
   */
  explain(path: string): Promise<PathExplanation>
  /** Ends what was started for reading. Safe to call twice. */
  close(): Promise<void>
}

/** The collaborators of a file loader. */
export interface FileLoaderParts {
  /** The reader for a file of this name, or undefined. */
  readonly findReader: (fileName: string) => Reader | undefined
  readonly closeReaders: () => Promise<void>
  /** Default: the disks of this machine. */
  readonly fileSystem?: FileSystem
}

async function requireRoot({ path, files, scope }: ResolvedRoot, fileSystem: FileSystem): Promise<void> {
  const parts = files ?? scope?.paths
  for (const place of parts === undefined ? [path] : parts.map((part) => join(path, part))) {
    try {
      await fileSystem.inspect(place)
    } catch (error) {
      throw rootError(place, error)
    }
  }
}

async function* listRoots(
  roots: readonly ResolvedRoot[],
  walk: WalkOptions,
  recipeOf: (reader: Reader) => string,
): AsyncGenerator<ListingEntry> {
  for (const root of roots) await requireRoot(root, walk.fileSystem)
  for (const root of roots) {
    for await (const entry of walkRoot(root, walk)) {
      if (entry.type === 'skipped') yield entry
      else if (entry.type === 'records') yield* listRecords(entry.file, walk)
      else {
        const { file } = entry
        const options = { recipe: recipeOf(file.reader), loadTimeoutMs: walk.loadTimeoutMs }
        yield { type: 'source', source: createFileSource(file, options) }
      }
    }
  }
}

function coversFile(root: ResolvedRoot, path: string, walk: WalkOptions, asRecords: boolean): boolean {
  const { filter, findReader, findRecordRule } = walk
  const parts = path.split('/')
  const name = parts.at(-1) ?? ''
  const isRecords = recordFormat(name) !== undefined && findRecordRule(path) !== undefined
  if (isRecords !== asRecords || (!isRecords && findReader(name) === undefined)) return false
  if (parts.includes('') || !filter.admits(path)) return false
  if (root.scope !== undefined && root.scope.place(path) !== 'inside') return false
  if (root.files !== undefined) return root.files.some((file) => file.normalize('NFC') === path)
  return parts.every((part) => builtInRule(part, walk) === undefined)
}

/** Whether a file of this path would be listed, or a record of a file: `path` then goes on with `#` and its id. */
function coversPath(root: ResolvedRoot, path: string, walk: WalkOptions): boolean {
  if (coversFile(root, path, walk, false)) return true
  for (let at = path.indexOf('#'); at !== -1; at = path.indexOf('#', at + 1)) {
    if (coversFile(root, path.slice(0, at), walk, true)) return true
  }
  return false
}

function createRecipes(): (reader: Reader) => string {
  const recipes = new Map<Reader, string>()
  return (reader) => {
    const recipe = recipes.get(reader) ?? recipeOfReader(reader)
    recipes.set(reader, recipe)
    return recipe
  }
}

/** A file loader from its parts. See `openFileLoader` for what it rejects with. */
export async function createFileLoader(options: FileLoaderOptions, parts: FileLoaderParts): Promise<FileLoader> {
  const { findReader, closeReaders, fileSystem = createNodeFileSystem() } = parts
  const walk: WalkOptions = { ...resolveLoaderOptions(options), fileSystem, findReader }
  const roots = await resolveRoots(options.roots, fileSystem)
  for (const root of roots) if (root.scope !== undefined) await requireRoot(root, fileSystem)
  const rootsByName = new Map(roots.map((root) => [root.name, root]))
  const recipeOf = createRecipes()
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => (closed ??= closeReaders())
  return {
    roots: roots.map(({ name, path }) => ({ name, path })),
    list: ({ signal }: CallOptions = {}) => listRoots(roots, { ...walk, signal }, recipeOf),
    covers(sourceId) {
      const slash = sourceId.indexOf('/')
      const root = slash === -1 ? undefined : rootsByName.get(sourceId.slice(0, slash))
      return root !== undefined && coversPath(root, sourceId.slice(slash + 1), walk)
    },
    explain: (path) => explainPath(path, roots, walk),
    close,
    [Symbol.asyncDispose]: close,
  }
}
