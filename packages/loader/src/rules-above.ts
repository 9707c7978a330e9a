import { dirname, join, relative, sep } from 'node:path'
import { errorMessage, systemErrorCode } from '@quern/core'
import type { FileSystem, FolderEntry } from './file-system.ts'
import { ignoreFileNames, noIgnoreRules } from './ignore-rules.ts'
import type { IgnoreRules } from './ignore-rules.ts'

/** `rules` and those of the ignore files among `entries`. `folder` is relative to the top of the rules. */
export async function addIgnoreFiles(
  rules: IgnoreRules,
  { path, folder, entries }: { path: string; folder: string; entries: readonly FolderEntry[] },
  fileSystem: FileSystem,
): Promise<IgnoreRules> {
  let result = rules
  for (const name of ignoreFileNames) {
    if (!entries.some((entry) => entry.name === name && entry.kind === 'file')) continue
    result = result.with({ folder, name, text: await fileSystem.readText(join(path, name)) })
  }
  return result
}

async function exists(path: string, fileSystem: FileSystem): Promise<boolean> {
  try {
    await fileSystem.inspect(path)
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false
    throw new Error(`${path} cannot be read: ${errorMessage(error)}`, { cause: error })
  }
}

/** Folders from `path` up to the one that holds `.git`, outermost first; `path` alone where there is none. */
async function repositoryFolders(path: string, fileSystem: FileSystem): Promise<string[]> {
  const folders: string[] = []
  for (let folder = path; ; folder = dirname(folder)) {
    folders.unshift(folder)
    if (await exists(join(folder, '.git'), fileSystem)) return folders
    if (dirname(folder) === folder) return [path]
  }
}

/** The rules that hold above a root, and the root's path relative to their top, with `/`; empty if it is the top itself. */
export interface RulesAbove {
  readonly rules: IgnoreRules
  readonly base: string
}

/**
 * Reads the ignore files above a root, up to the folder that holds `.git`. None where the root is in no repository. The root itself
 * counts as not ignored, since it was named.
 */
export async function readRulesAbove(root: string, fileSystem: FileSystem): Promise<RulesAbove> {
  const folders = await repositoryFolders(root, fileSystem)
  const top = folders[0] ?? root
  const fromTop = (path: string): string => relative(top, path).split(sep).join('/').normalize('NFC')
  let rules = noIgnoreRules
  for (const path of folders.slice(0, -1)) {
    const entries = await fileSystem.readFolder(path)
    rules = await addIgnoreFiles(rules, { path, folder: fromTop(path), entries }, fileSystem)
  }
  const base = fromTop(root)
  return { rules: base === '' ? rules : rules.entering(base), base }
}
