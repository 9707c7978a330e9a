import { relative, resolve, sep } from 'node:path'
import type { SkipReason } from '@quern/core'
import type { WalkedPath, WalkOptions } from './examine-file.ts'
import { isPathInside } from './path-inside.ts'
import type { ResolvedRoot } from './resolve-roots.ts'
import { visitPath } from './walk-root.ts'

/** Why a path is listed, or why not. */
export type PathExplanation =
  /** It is listed: `format` is the name of its reader, or that of its records. */
  | { readonly type: 'listed'; readonly id: string; readonly format: string; readonly asRecords: boolean }
  /** `id` is that of the path itself, or of a folder above it that is left out with all that is in it. */
  | { readonly type: 'skipped'; readonly id: string; readonly reason: SkipReason; readonly detail: string }
  /** A folder that is entered; its files are listed or skipped each by itself. */
  | { readonly type: 'folder'; readonly id: string }
  /** It lies in no root. */
  | { readonly type: 'outside' }
  /** It lies in a root, and nothing is there. */
  | { readonly type: 'missing'; readonly id: string }

function explain(outcome: WalkedPath): PathExplanation {
  switch (outcome.type) {
    case 'skipped':
      return outcome
    case 'file':
      return { type: 'listed', id: outcome.file.id, format: outcome.file.reader.name, asRecords: false }
    case 'records':
      return { type: 'listed', id: outcome.file.id, format: outcome.file.format, asRecords: true }
  }
}

async function isFolder(path: string, { fileSystem }: WalkOptions): Promise<boolean> {
  return fileSystem.inspect(path).then(
    ({ kind }) => kind === 'folder',
    () => false,
  )
}

/** See `FileLoader.explain`. */
export async function explainPath(
  path: string,
  roots: readonly ResolvedRoot[],
  options: WalkOptions,
): Promise<PathExplanation> {
  const absolute = resolve(path)
  // The folder above is resolved, not the path: that may be a link itself.
  const folder = await options.fileSystem.resolvePath(resolve(absolute, '..')).catch(() => resolve(absolute, '..'))
  const place = resolve(folder, relative(resolve(absolute, '..'), absolute))
  const root = roots.find((candidate) => place === candidate.path || isPathInside(place, candidate.path))
  if (root === undefined) return { type: 'outside' }
  if (place === root.path) return { type: 'folder', id: root.name }
  const inRoot = relative(root.path, place).split(sep).join('/').normalize('NFC')
  const id = `${root.name}/${inRoot}`
  if (root.files !== undefined && !root.files.some((file) => file.normalize('NFC') === inRoot))
    return { type: 'outside' }
  if (root.scope?.place(inRoot) === 'outside') return { type: 'outside' }
  const outcome = await visitPath(root, inRoot, options)
  if (outcome !== undefined) return explain(outcome)
  return (await isFolder(place, options)) ? { type: 'folder', id } : { type: 'missing', id }
}
