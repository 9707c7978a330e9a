import type { WalkedPath, WalkOptions } from './examine-file.ts'
import { noIgnoreRules } from './ignore-rules.ts'
import { createLookAhead } from './look-ahead.ts'
import type { LookAhead } from './look-ahead.ts'
import { openFolder, openNamedFiles } from './open-folder.ts'
import type { OpenFolder, Walk } from './open-folder.ts'
import type { ResolvedRoot } from './resolve-roots.ts'
import { rootError } from './root-error.ts'
import { readRulesAbove } from './rules-above.ts'
import type { RulesAbove } from './rules-above.ts'
import type { SortedEntry } from './sort-entries.ts'
import { isSingleLook, visitEntry } from './visit-entry.ts'

/**
 * Most files of a folder that are looked at together. Where a disk or a network has to answer, other threads do the waiting: many at a time keep them
 * busy. More than these make nothing quicker, and would keep others waiting on a slow disk.
 */
const mostLooks = 32

async function beginWalk(root: ResolvedRoot, options: WalkOptions): Promise<{ walk: Walk; first: OpenFolder }> {
  if (root.files !== undefined) {
    const walk: Walk = { root, options, base: '' }
    return { walk, first: openNamedFiles(walk) }
  }
  try {
    const none: RulesAbove = { rules: noIgnoreRules, base: '' }
    const { rules, base } = options.ignoreFiles ? await readRulesAbove(root.path, options.fileSystem) : none
    const walk: Walk = { root, options, base }
    return {
      walk,
      first: (await openFolder({ id: root.name, path: root.path, rules, above: [], links: 0 }, walk)) as OpenFolder,
    }
  } catch (error) {
    throw rootError(root.path, error)
  }
}

function visitEntries(folder: OpenFolder, walk: Walk): LookAhead<WalkedPath | OpenFolder> {
  const { entries } = folder
  return createLookAhead({
    count: entries.length,
    most: mostLooks,
    isPlain: (index) => isSingleLook(entries[index] as SortedEntry),
    look: (index) => visitEntry(index, folder, walk),
  })
}

/**
 * Walks a root: one outcome for each path that is met, folders that are entered excepted. Files come in ascending order of id;
 * a skipped folder comes where its files would. Reads one folder at a time, when it is reached; of the files in it that come next, up to 32 are
 * looked at together, none behind a folder, a link or a file of records that has not had its turn. A walk that is ended early ends when none is being looked at.
 *
 * Rejects with `ROOT_NOT_FOUND` or `ROOT_UNREADABLE`, and with `signal.reason` on abort.
 */
export async function* walkRoot(root: ResolvedRoot, options: WalkOptions): AsyncGenerator<WalkedPath> {
  const { walk, first } = await beginWalk(root, options)
  const open = [visitEntries(first, walk)]
  try {
    for (let visits = open.at(-1); visits !== undefined; visits = open.at(-1)) {
      options.signal?.throwIfAborted()
      const outcome = await visits.take()
      if (outcome === undefined) open.pop()
      else if ('type' in outcome) yield outcome
      else open.push(visitEntries(outcome, walk))
    }
  } finally {
    // Folders above the last one are not looked at while it is open.
    await open.at(-1)?.settle()
  }
}

/** What a walk over a root would do with one path in it, relative to the root with `/`; undefined where nothing is. */
export async function visitPath(
  root: ResolvedRoot,
  path: string,
  options: WalkOptions,
): Promise<WalkedPath | undefined> {
  const { walk, first } = await beginWalk(root, options)
  let folder = first
  const names = root.files === undefined ? path.split('/') : [path]
  for (const [depth, name] of names.entries()) {
    const index = folder.entries.findIndex((entry) => entry.normalName === name.normalize('NFC'))
    if (index === -1) return undefined
    const outcome = await visitEntry(index, folder, walk)
    if ('type' in outcome) return outcome.type === 'skipped' || depth === names.length - 1 ? outcome : undefined
    folder = outcome
  }
  return undefined
}
