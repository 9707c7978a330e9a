import { extname } from 'node:path/posix'
import type { CallOptions } from '@quern/core'
import { openFileLoader } from '@quern/loader'

/** What lies in a folder that is to be indexed. */
export interface FolderSurvey {
  readonly documents: number
  readonly bytes: number
  /** Documents by the ending of their names (`.md`), most frequent first. */
  readonly endings: readonly { readonly ending: string; readonly documents: number }[]
  /** Documents by the folder directly below; those that lie in the folder itself under `.`. */
  readonly folders: readonly { readonly name: string; readonly documents: number }[]
  /** Names of folders, at any depth, that hold what is made from other files. */
  readonly derived: readonly string[]
  /** Files of formats that cannot be read. */
  readonly unsupported: number
  /** Whether there was more than was looked at. */
  readonly cutOff: boolean
}

/** So many files tell enough. */
const mostFiles = 50_000

/** Names of folders that build tools, package managers and test runners fill. */
const derivedNames: ReadonlySet<string> = new Set([
  'bower_components',
  'build',
  'coverage',
  'dist',
  'out',
  'site-packages',
  'target',
  'vendor',
  'venv',
  '__pycache__',
  '__snapshots__',
])

function counted(counts: ReadonlyMap<string, number>): { key: string; count: number }[] {
  return [...counts]
    .map(([key, count]) => ({ key, count }))
    .toSorted((a, b) => b.count - a.count || a.key.localeCompare(b.key))
}

function countOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Looks at what a run would index in a folder; reads no contents but the beginnings of files of unclear format. */
export async function surveyFolder(path: string, { signal }: CallOptions = {}): Promise<FolderSurvey> {
  const endings = new Map<string, number>()
  const folders = new Map<string, number>()
  const derived = new Set<string>()
  let documents = 0
  let bytes = 0
  let unsupported = 0
  let seen = 0
  await using loader = await openFileLoader({ roots: [{ path, name: 'folder' }] })
  for await (const entry of loader.list({ signal })) {
    if (++seen > mostFiles) break
    if (entry.type === 'skipped') {
      if (entry.reason === 'UNSUPPORTED') unsupported++
      continue
    }
    const { id, size } = entry.source
    const parts = id.split('/').slice(1)
    documents++
    bytes += size
    countOne(endings, extname(parts.at(-1) ?? '').toLowerCase())
    countOne(folders, parts.length > 1 ? (parts[0] ?? '.') : '.')
    for (const part of parts.slice(0, -1)) if (derivedNames.has(part)) derived.add(part)
  }
  return {
    documents,
    bytes,
    endings: counted(endings).map(({ key, count }) => ({ ending: key, documents: count })),
    folders: counted(folders).map(({ key, count }) => ({ name: key, documents: count })),
    derived: [...derived].toSorted(),
    unsupported,
    cutOff: seen > mostFiles,
  }
}
