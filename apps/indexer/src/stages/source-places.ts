import { stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { systemErrorCode } from '@quern/core'
import type { CommandContext } from '../command-context.ts'
import type { ResolvedConfig } from '../config/resolved-config.ts'
import { readLastRun } from './last-run.ts'

/** A folder whose files are stored under ids that begin with its name. */
interface NamedFolder {
  readonly name: string
  /** Absolute. */
  readonly path: string
}

/** Tells where the files of sources are, and which sources files are. */
export interface SourcePlaces {
  /** Path of a source's file, relative to the working folder where it lies in it; undefined where there is no such file any more. */
  readonly fileOf: (sourceId: string) => Promise<string | undefined>
  /** Ids that a text may mean which a person typed: an id itself, or the path of a file. */
  readonly idsOf: (typed: string) => string[]
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error
    return undefined
  }
}

/** The folder of a configured root; of a single file, the one that it lies in. */
async function folderOf({ path, name }: ResolvedConfig['sources'][number]): Promise<NamedFolder> {
  const folder = (await kindOf(path)) === 'file' ? dirname(path) : path
  return { name: name ?? basename(folder), path: folder }
}

/** Paths that the part of an id after its root may stand for: of a record of a file, the path before a `#`. */
function* pathsOf(inRoot: string): Generator<string> {
  yield inRoot
  for (let at = inRoot.lastIndexOf('#'); at > 0; at = inRoot.lastIndexOf('#', at - 1)) yield inRoot.slice(0, at)
}

/** A path as it is shown to a person: relative where it lies in the working folder, which is `.` itself. */
export function shownPath(path: string, workingFolder: string): string {
  const inside = relative(workingFolder, path)
  if (inside === '') return '.'
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? path : inside
}

/** Finds files by the configured sources and by those of the last run; where neither knows a root, by a folder of its name in the working folder. */
export async function openSourcePlaces(config: ResolvedConfig, context: CommandContext): Promise<SourcePlaces> {
  const { workingFolder } = context
  const lastRun = await readLastRun(config.store, context)
  const folders: NamedFolder[] = [...(await Promise.all(config.sources.map(folderOf))), ...(lastRun?.roots ?? [])]
  return {
    async fileOf(sourceId) {
      const slash = sourceId.indexOf('/')
      const root = sourceId.slice(0, Math.max(0, slash))
      const known = folders.filter(({ name }) => name.normalize('NFC') === root)
      const places = known.length > 0 ? known : [{ path: join(workingFolder, root) }]
      for (const { path } of places) {
        for (const inRoot of pathsOf(sourceId.slice(slash + 1))) {
          const file = join(path, inRoot)
          if ((await kindOf(file)) === 'file') return shownPath(file, workingFolder)
        }
      }
      return undefined
    },
    idsOf(typed) {
      const path = resolve(workingFolder, typed)
      const inFolders = folders
        .filter((folder) => path.startsWith(folder.path + sep))
        .map((folder) => [folder.name, ...relative(folder.path, path).split(sep)].join('/'))
      const inWorkingFolder = relative(workingFolder, path).split(sep).join('/')
      return [...new Set([typed, ...inFolders, inWorkingFolder].map((id) => id.normalize('NFC')))]
    },
  }
}
