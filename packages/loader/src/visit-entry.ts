import { sep } from 'node:path'
import { errorMessage, systemErrorCode } from '@quern/core'
import { builtInRule } from './built-in-rules.ts'
import { examineFile, examineLink, skipPath } from './examine-file.ts'
import type { LinkTarget, MetPath, WalkedPath } from './examine-file.ts'
import type { IgnoreRules } from './ignore-rules.ts'
import { openFolder } from './open-folder.ts'
import type { OpenFolder, Walk } from './open-folder.ts'
import { recordFormat } from './records/record-rule.ts'
import type { SortedEntry } from './sort-entries.ts'

/** A path that was met in a folder. */
interface MetEntry extends MetPath {
  /** Path relative to the root, with `/`. */
  readonly inRoot: string
  /** Path relative to the top of the ignore rules, with `/`. */
  readonly fromTop: string
}

/** The outcome for a path, or the folder to go on in. */
type Visit = WalkedPath | OpenFolder

/** Links to folders that hold links to folders can make as many paths as there are ways through them. */
const mostLinks = 4

function meet({ name, normalName, kind }: SortedEntry, folder: OpenFolder): MetEntry {
  return {
    id: `${folder.id}/${normalName}`,
    // As `join` says it: `folder.path` is as `resolve` and `join` say it.
    path: folder.path.endsWith(sep) ? folder.path + name : folder.path + sep + name,
    name,
    kind,
    inRoot: folder.inRoot + normalName,
    fromTop: folder.fromTop + normalName,
  }
}

/** Why a path is left out by choice, or undefined. */
function whyIgnored({ name, kind, inRoot, fromTop }: MetEntry, rules: IgnoreRules, walk: Walk): string | undefined {
  const { filter } = walk.options
  if (walk.root.files === undefined) {
    const builtIn = builtInRule(name, walk.options)
    if (builtIn !== undefined) return builtIn
    const rule = rules.ignoredBy(fromTop, kind === 'folder')
    if (rule !== undefined) return `ignored by ${rule}`
  }
  const glob = filter.excludedBy(inRoot)
  if (glob !== undefined) return `excluded by ${glob}`
  return kind === 'folder' || filter.includes(inRoot) ? undefined : 'matches no include glob'
}

/** Whether bytes that are not UTF-8 may have been replaced in a name. */
function isDoubtfulName(name: string): boolean {
  return name.includes('\uFFFD')
}

/** Whether the name is one that the system can give, but not take back. */
async function isUnusableName({ path }: MetPath, { options }: Walk): Promise<boolean> {
  return options.fileSystem.inspect(path).then(
    () => false,
    (error: unknown) => systemErrorCode(error) === 'ENOENT',
  )
}

async function enterFolder(
  met: MetEntry,
  link: LinkTarget | undefined,
  folder: OpenFolder,
  walk: Walk,
): Promise<Visit> {
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

async function followLink(met: MetEntry, folder: OpenFolder, walk: Walk): Promise<Visit> {
  const link = await examineLink(met, walk.root, walk.options)
  const isFolder = link.type === 'target' && link.isFolder
  // A link to a folder is asked for as a folder is, so that globs of files do not shut it out.
  const ignored = whyIgnored(isFolder ? { ...met, kind: 'folder' } : met, folder.rules, walk)
  if (ignored !== undefined) return skipPath(met, 'IGNORED', ignored)
  if (link.type === 'skipped') return link
  return isFolder ? enterFolder(met, link, folder, walk) : examineFile(met, walk.root, walk.options)
}

/** What a walk does with an entry, whose name the system takes back. */
function visitUsable(met: MetEntry, isDuplicate: boolean, folder: OpenFolder, walk: Walk): Visit | Promise<Visit> {
  if (isDuplicate) {
    return skipPath(met, 'DUPLICATE_ID', 'another name here differs from it only in Unicode normalisation')
  }
  if (met.kind === 'link') return followLink(met, folder, walk)
  const ignored = whyIgnored(met, folder.rules, walk)
  if (ignored !== undefined) return skipPath(met, 'IGNORED', ignored)
  return met.kind === 'folder' ? enterFolder(met, undefined, folder, walk) : examineFile(met, walk.root, walk.options)
}

async function visitDoubtful(met: MetEntry, isDuplicate: boolean, folder: OpenFolder, walk: Walk): Promise<Visit> {
  if (await isUnusableName(met, walk)) return skipPath(met, 'BAD_FILENAME', 'its name is not valid UTF-8')
  return visitUsable(met, isDuplicate, folder, walk)
}

/** What a walk does with an entry of a folder: a promise only where the disk is looked at. */
export function visitEntry(index: number, folder: OpenFolder, walk: Walk): Visit | Promise<Visit> {
  const entry = folder.entries[index] as SortedEntry
  const met = meet(entry, folder)
  const isDuplicate = folder.entries[index - 1]?.key === entry.key
  const visit = isDoubtfulName(met.name) ? visitDoubtful : visitUsable
  return visit(met, isDuplicate, folder, walk)
}

/** Whether visiting an entry takes no more than a look at a single document, whatever it is. */
export function isSingleLook({ name, kind }: SortedEntry): boolean {
  return (kind === 'file' || kind === 'other') && recordFormat(name) === undefined
}
