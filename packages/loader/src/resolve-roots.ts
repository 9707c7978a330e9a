import { basename, dirname, resolve } from 'node:path'
import { compareStrings, isQuernError, QuernError } from '@quern/core'
import type { RootOptions } from './file-loader-options.ts'
import type { FileSystem } from './file-system.ts'
import { isPathInside } from './path-inside.ts'
import { rootError } from './root-error.ts'
import { createRootScope } from './root-scope.ts'
import type { RootScope } from './root-scope.ts'

/** A folder to list. */
export interface ResolvedRoot {
  /** First part of the ids, in NFC. */
  readonly name: string
  /** Absolute path of the folder, links resolved. */
  readonly path: string
  /** Names of the files to list, as they are on the disk. Undefined: the folder with all below it. */
  readonly files: readonly string[] | undefined
  /** The part of the folder to list. Undefined: all of it. */
  readonly scope: RootScope | undefined
}

interface LocatedRoot extends ResolvedRoot {
  readonly named: boolean
}

function optionError(message: string, hint: string): QuernError {
  return new QuernError('OPTION_INVALID', message, { hint })
}

const namingHint =
  'Name the roots apart: sources: [{ path: "one/docs", name: "one" }, { path: "two/docs", name: "two" }]'

function checkedName(name: string, path: string): string {
  const normal = name.normalize('NFC')
  if (normal.trim() !== '' && normal !== '.' && normal !== '..' && !/[/\\\p{Cc}]/u.test(normal)) return normal
  throw optionError(
    `${JSON.stringify(name)} is no name for the root ${path}: it must be one part of a path`,
    `Give it another: sources: [{ path: ${JSON.stringify(path)}, name: "docs" }]`,
  )
}

async function locateRoot(options: RootOptions, fileSystem: FileSystem): Promise<LocatedRoot> {
  if (typeof options.path !== 'string' || options.path === '') {
    throw optionError('a root has an empty path', 'Use "." for the working directory.')
  }
  const given = resolve(options.path)
  try {
    const path = await fileSystem.resolvePath(given)
    const { kind } = await fileSystem.inspect(path)
    if (kind === 'other') throw new Error('it is neither a file nor a folder')
    const folder = kind === 'folder' ? path : dirname(path)
    if (kind === 'folder') await fileSystem.readFolder(folder)
    const { only } = options
    if (only !== undefined && kind !== 'folder')
      throw optionError(`${given} is a file: only names parts of folders`, 'Leave out only.')
    return {
      name: options.name ?? basename(folder),
      named: options.name !== undefined,
      path: folder,
      files: kind === 'folder' ? undefined : [basename(path)],
      scope: only === undefined ? undefined : createRootScope(only, given),
    }
  } catch (error) {
    if (isQuernError(error)) throw error
    throw rootError(given, error)
  }
}

/** Two roots of one folder as one. */
function mergeRoots(a: LocatedRoot, b: LocatedRoot): LocatedRoot {
  if (a.named && b.named && a.name !== b.name) {
    throw optionError(`${a.path} is given twice, as ${a.name} and as ${b.name}`, 'Give it one name.')
  }
  const root = a.named ? a : b
  if (a.files !== undefined && b.files !== undefined) return { ...root, files: [...new Set([...a.files, ...b.files])] }
  const folders = [a, b].filter(({ files }) => files === undefined)
  const scopes = folders.flatMap(({ scope }) => scope?.paths ?? [])
  if (folders.some(({ scope }) => scope === undefined)) return { ...root, files: undefined, scope: undefined }
  // A named file is listed whatever the rules say, a part of a folder is not.
  if (folders.length === 1) throw optionError(`${a.path} is given in part and as a file`, 'Give the file in only.')
  return { ...root, files: undefined, scope: createRootScope(scopes, a.path) }
}

function requireDistinct(roots: readonly ResolvedRoot[]): void {
  const byName = new Map<string, ResolvedRoot>()
  for (const root of roots) {
    const other = byName.get(root.name)
    if (other !== undefined) {
      throw optionError(`two roots have the name ${root.name}: ${other.path} and ${root.path}`, namingHint)
    }
    byName.set(root.name, root)
    const outer = roots.find(({ path, files }) => files === undefined && isPathInside(root.path, path))
    if (outer !== undefined) {
      throw optionError(
        `the root ${root.path} lies inside the root ${outer.path}: its files would have two ids`,
        `Leave out ${root.path}; it is listed with ${outer.path}.`,
      )
    }
  }
}

/**
 * Finds the roots on the disk, in ascending order of the ids below them. Roots of one folder become one: the whole folder if any
 * of them is the folder itself, else its named files or parts.
 *
 * Rejects with `ROOT_NOT_FOUND` or `ROOT_UNREADABLE`; with `OPTION_INVALID` when two folders have one name, when one root
 * lies inside another (a file would have two ids), or when there is no root at all.
 */
export async function resolveRoots(roots: readonly RootOptions[], fileSystem: FileSystem): Promise<ResolvedRoot[]> {
  if (roots.length === 0) throw optionError('there are no roots', 'Name a folder: roots: [{ path: "docs" }]')
  const byPath = new Map<string, LocatedRoot>()
  for (const options of roots) {
    const root = await locateRoot(options, fileSystem)
    const same = byPath.get(root.path)
    byPath.set(root.path, same === undefined ? root : mergeRoots(same, root))
  }
  const located = [...byPath.values()].map(({ name, path, files, scope }) => ({
    name: checkedName(name, path),
    path,
    files,
    scope,
  }))
  requireDistinct(located)
  return located.toSorted((a, b) => compareStrings(`${a.name}/`, `${b.name}/`))
}
