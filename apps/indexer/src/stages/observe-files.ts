import { stat } from 'node:fs/promises'
import { basename, sep } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { errorMessage, systemErrorCode } from '@quern/core'
import { watch } from 'chokidar'
import type { FSWatcher } from 'chokidar'
import type { ResolvedConfig } from '../config/resolved-config.ts'

/** Who is told. */
export interface FileObserver {
  readonly onChange: () => void
  /** The system cannot tell of all changes; the watch goes on with what it tells. */
  readonly onError: (message: string) => void
}

/** Files that say what is ignored: a change of one changes the listing. */
const ignoreFiles: ReadonlySet<string> = new Set(['.gitignore', '.indexignore'])

/**
 * Whether a path need not be watched. A guess on the safe side, for the loader alone decides what is indexed: what is watched in vain
 * costs a listing. The store itself must not be, or each run would cause another.
 */
function isUnwatched(path: string, { sources, store, hidden, ignoreFiles: honoured }: ResolvedConfig): boolean {
  if (path === store.path || path.startsWith(store.path + sep)) return true
  if (sources.some((source) => source.path === path)) return false
  const name = basename(path)
  if (honoured && (name === 'node_modules' || name === '.git')) return true
  return !hidden && name.startsWith('.') && !ignoreFiles.has(name)
}

function describe(error: unknown): string {
  const limits: Readonly<Record<string, string>> = {
    ENOSPC: 'the system watches no more files for this user (fs.inotify.max_user_watches)',
    EMFILE: 'this process may open no more files (ulimit -n)',
  }
  return limits[systemErrorCode(error) ?? ''] ?? errorMessage(error)
}

const millisecondsBetweenLooks = 1000

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

/** Once a source itself is gone, the system tells nothing of it any more: it is looked for, and watched again when it is back. */
async function awaitReturn(path: string, watcher: FSWatcher, { onChange }: FileObserver): Promise<void> {
  do {
    await delay(millisecondsBetweenLooks, undefined, { ref: false })
    if (watcher.closed) return
  } while (!(await exists(path)))
  watcher.unwatch(path)
  watcher.add(path)
  onChange()
}

/** Tells of changes in the configured sources, until it is disposed of. Resolves when it has begun. */
export async function observeFiles(config: ResolvedConfig, observer: FileObserver): Promise<AsyncDisposable> {
  const { onChange, onError } = observer
  const watcher = watch(
    config.sources.map(({ path }) => path),
    {
      ignoreInitial: true,
      followSymlinks: config.symlinks === 'follow',
      ignored: (path) => isUnwatched(path, config),
    },
  )
  let told = false
  const awaited = new Set<string>()
  watcher.on('all', (event, path) => {
    onChange()
    const isGone = event === 'unlink' || event === 'unlinkDir'
    if (!isGone || awaited.has(path) || !config.sources.some((source) => source.path === path)) return
    awaited.add(path)
    void awaitReturn(path, watcher, observer).finally(() => awaited.delete(path))
  })
  watcher.on('error', (error) => {
    onChange()
    if (told) return
    told = true
    onError(`some changes will be seen late, at the next regular run: ${describe(error)}`)
  })
  await new Promise<void>((resolve) => watcher.once('ready', resolve))
  return { [Symbol.asyncDispose]: () => watcher.close() }
}
