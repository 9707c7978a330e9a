import { join } from 'node:path'
import { errorMessage, systemErrorCode } from '@quern/core'
import { builtInRule } from './built-in-rules.ts'
import { examineFile, examineLink, skipPath } from './examine-file.ts'
import type { MetPath, SkippedPath, WalkedPath, WalkOptions } from './examine-file.ts'
import type { IgnoreRules } from './ignore-rules.ts'
import { noIgnoreRules } from './ignore-rules.ts'
import type { ResolvedRoot } from './resolve-roots.ts'
import { rootError } from './root-error.ts'
import { addIgnoreFiles, readRulesAbove } from './rules-above.ts'
import type { RulesAbove } from './rules-above.ts'
import { sortEntries } from './sort-entries.ts'
import type { SortedEntry } from './sort-entries.ts'
import { isStoreFolder } from './store-folder.ts'

/** One walk over one root. */
interface Walk {
  readonly root: ResolvedRoot
  readonly options: WalkOptions
  /** Path of the root relative to the top of the ignore rules, with `/`; empty if it is the top itself. */
  readonly base: string
}

/** A folder whose entries are being listed. */
interface OpenFolder {
  readonly id: string
  readonly path: string
  readonly rules: IgnoreRules
  /** Folders that are open above it, its own path included; links resolved. */
  readonly above: readonly string[]
  /** Number of links on the way to it. */
  readonly links: number
  readonly entries: readonly SortedEntry[]
  next: number
}

/** Links to folders that hold links to folders can make as many paths as there are ways through them. */
const mostLinks = 4

function pathInRoot(id: string, { root }: Walk): string {
  return id.slice(root.name.length + 1)
}

function pathFromTop(id: string, walk: Walk): string {
  return [walk.base, pathInRoot(id, walk)].filter((part) => part !== '').join('/')
}

/** Whether a path belongs to the part of the root that is listed, or leads to it. */
function isInScope(id: string, walk: Walk): boolean {
  const { scope } = walk.root
  return scope === undefined || scope.place(pathInRoot(id, walk)) !== 'outside'
}

/** Where a folder stands. */
interface FolderPlace extends Pick<OpenFolder, 'id' | 'path' | 'rules' | 'above' | 'links'> {}

async function openFolder(
  { id, path, rules: rulesAbove, above, links }: FolderPlace,
  walk: Walk,
): Promise<OpenFolder | SkippedPath> {
  const { fileSystem, ignoreFiles } = walk.options
  const entries = await fileSystem.readFolder(path)
  if (id !== walk.root.name && (await isStoreFolder(path, entries, fileSystem))) {
    return skipPath({ id }, 'IGNORED', 'a store of Quern')
  }
  const folder = pathFromTop(id, walk)
  const rules = ignoreFiles ? await addIgnoreFiles(rulesAbove, { path, folder, entries }, fileSystem) : rulesAbove
  const inScope = sortEntries(entries).filter((entry) => isInScope(`${id}/${entry.normalName}`, walk))
  return { id, path, rules, above: [...above, path], links, entries: inScope, next: 0 }
}

/** Why a path is left out by choice, or undefined. */
function whyIgnored(met: MetPath, rules: IgnoreRules, walk: Walk): string | undefined {
  const { filter } = walk.options
  const path = pathInRoot(met.id, walk)
  if (walk.root.files === undefined) {
    const builtIn = builtInRule(met.name, walk.options)
    if (builtIn !== undefined) return builtIn
    const rule = rules.ignoredBy(pathFromTop(met.id, walk), met.kind === 'folder')
    if (rule !== undefined) return `ignored by ${rule}`
  }
  const glob = filter.excludedBy(path)
  if (glob !== undefined) return `excluded by ${glob}`
  return met.kind === 'folder' || filter.includes(path) ? undefined : 'matches no include glob'
}

/** Whether the name is one that the system can give, but not take back: bytes that are not UTF-8 were replaced in it. */
async function isUnusableName({ name, path }: MetPath, { options }: Walk): Promise<boolean> {
  if (!name.includes('\uFFFD')) return false
  return options.fileSystem.inspect(path).then(
    () => false,
    (error: unknown) => systemErrorCode(error) === 'ENOENT',
  )
}

async function visit(entry: SortedEntry, folder: OpenFolder, walk: Walk): Promise<WalkedPath | OpenFolder> {
  const { name, kind, key } = entry
  const met: MetPath = { id: `${folder.id}/${entry.normalName}`, path: join(folder.path, name), name, kind }
  if (await isUnusableName(met, walk)) return skipPath(met, 'BAD_FILENAME', 'its name is not valid UTF-8')
  if (folder.entries[folder.next - 2]?.key === key) {
    return skipPath(met, 'DUPLICATE_ID', 'another name here differs from it only in Unicode normalisation')
  }
  const link = kind === 'link' ? await examineLink(met, walk.root, walk.options) : undefined
  // A link to a folder is asked for as a folder is, so that globs of files do not shut it out.
  const asked = link?.type === 'target' && link.isFolder ? { ...met, kind: 'folder' as const } : met
  const ignored = whyIgnored(asked, folder.rules, walk)
  if (ignored !== undefined) return skipPath(met, 'IGNORED', ignored)
  if (link?.type === 'skipped') return link
  if (asked.kind !== 'folder') return examineFile(met, walk.root, walk.options)
  const path = link?.path ?? met.path
  if (folder.above.includes(path)) {
    return skipPath(met, 'SYMLINK_LOOP', `links to ${path}, a folder that it lies in`)
  }
  const links = folder.links + (link === undefined ? 0 : 1)
  if (links > mostLinks) return skipPath(met, 'SYMLINK', `more than ${mostLinks} links lead here`)
  try {
    return await openFolder({ id: met.id, path, rules: folder.rules, above: folder.above, links }, walk)
  } catch (error) {
    return skipPath(met, 'UNREADABLE', errorMessage(error))
  }
}

function namedFiles({ name, path, files = [] }: ResolvedRoot): OpenFolder {
  const entries = sortEntries(files.map((file) => ({ name: file, kind: 'file' as const })))
  return { id: name, path, rules: noIgnoreRules, above: [path], links: 0, entries, next: 0 }
}

async function beginWalk(root: ResolvedRoot, options: WalkOptions): Promise<{ walk: Walk; first: OpenFolder }> {
  if (root.files !== undefined) return { walk: { root, options, base: '' }, first: namedFiles(root) }
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

/**
 * Walks a root: one outcome for each path that is met, folders that are entered excepted. Files come in ascending order of id;
 * a skipped folder comes where its files would. Reads one folder at a time, when it is reached.
 *
 * Rejects with `ROOT_NOT_FOUND` or `ROOT_UNREADABLE`, and with `signal.reason` on abort.
 */
export async function* walkRoot(root: ResolvedRoot, options: WalkOptions): AsyncGenerator<WalkedPath> {
  const { walk, first } = await beginWalk(root, options)
  const open: OpenFolder[] = [first]
  for (let folder = open.at(-1); folder !== undefined; folder = open.at(-1)) {
    options.signal?.throwIfAborted()
    const entry = folder.entries[folder.next]
    folder.next += 1
    if (entry === undefined) {
      open.pop()
      continue
    }
    const outcome = await visit(entry, folder, walk)
    if ('type' in outcome) yield outcome
    else open.push(outcome)
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
    const entry = folder.entries[index]
    if (entry === undefined) return undefined
    folder.next = index + 1
    const outcome = await visit(entry, folder, walk)
    if ('type' in outcome) return outcome.type === 'skipped' || depth === names.length - 1 ? outcome : undefined
    folder = outcome
  }
  return undefined
}
