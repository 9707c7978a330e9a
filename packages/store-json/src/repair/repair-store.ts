import type { CallOptions, RepairReport } from '@quern/core'
import { isQuernError } from '@quern/core'
import type { FileOperations } from '@quern/core/files'
import { listFolder } from '../files/inspect-folder.ts'
import type { StoredRoot } from '../files/read-root.ts'
import { readRoot } from '../files/read-root.ts'
import { removeOrphans } from '../files/remove-orphans.ts'
import { cacheFolder, manifestName, singleFileName, storePath } from '../format/store-layout.ts'
import { loadContents } from '../store-contents.ts'
import { beyondRepairHint, corruptError } from '../store-errors.ts'
import { findUnusableCaches } from '../verify/verify-caches.ts'
import { verifyStore } from '../verify-store.ts'
import { keepAside } from './keep-aside.ts'
import { rewriteSegments } from './rewrite-segments.ts'
import { rewriteSingleFile } from './rewrite-single-file.ts'
import { surveySegments } from './survey-segments.ts'
import { surveySingleFile } from './survey-single-file.ts'

/** What a repair is made with. */
export interface RepairWork extends CallOptions {
  readonly operations: FileOperations
}

/** What a look at a store has shown. */
interface Examination {
  /** Absent when the store cannot be opened, or is not sound. */
  readonly root?: StoredRoot
  /** Sources with chunks that are not right though they are as they were written, or that cannot be read. */
  readonly refused: ReadonlySet<string>
}

interface Progress {
  readonly actions: string[]
  readonly lost: Set<string>
}

function isCacheFault(place: string, store: string): boolean {
  return place.startsWith(storePath(store, cacheFolder))
}

/** Opens the store and reads all of it. Rejects with what repair cannot mend: `STORE_NEWER`, `STORE_UNREADABLE`. */
async function examine(store: string, { signal }: CallOptions): Promise<Examination> {
  const refused = new Set<string>()
  const checkpoint = (): void => signal?.throwIfAborted()
  let root: StoredRoot | undefined
  try {
    root = await readRoot(store)
    if (root === undefined) return { refused }
    const contents = await loadContents(store, root, { signal })
    try {
      let sound = true
      const { dimensions } = contents.manifest.space
      for await (const { place, sources } of verifyStore(contents, { dimensions, checkpoint })) {
        if (!isCacheFault(place, store)) sound = false
        for (const id of sources) refused.add(id)
      }
      return sound ? { root, refused } : { refused }
    } finally {
      await contents.chunkFiles.close()
    }
  } catch (error) {
    if (!isQuernError(error, 'STORE_CORRUPT')) throw error
    return { refused }
  }
}

async function mendSegments(
  store: string,
  work: RepairWork & { readonly refused: ReadonlySet<string> },
  { actions, lost }: Progress,
): Promise<StoredRoot> {
  const survey = await surveySegments(store, work)
  const kept = await keepAside(store, [...survey.damage.keys()], work.operations)
  const root = await rewriteSegments(store, survey, work)
  for (const [file, what] of survey.damage) actions.push(`${file}: ${what}`)
  if (survey.damage.size === 0) actions.push('the list of sources was written anew, without those that are not right')
  if (survey.sourceFiles === undefined) {
    actions.push(
      'the list of sources was made anew from the chunk files; sources that were deleted since may be there again, and the next run removes them',
    )
  }
  if (kept !== undefined) actions.push(`what was replaced is kept in ${kept}`)
  for (const id of survey.lost) lost.add(id)
  return root
}

async function mendSingleFile(
  store: string,
  work: RepairWork & { readonly refused: ReadonlySet<string> },
  { actions, lost }: Progress,
): Promise<StoredRoot> {
  await using survey = await surveySingleFile(store, work)
  const kept = await keepAside(store, [singleFileName], work.operations)
  const root = await rewriteSingleFile(store, survey, work.operations)
  actions.push(`${singleFileName}: ${survey.damage}`)
  if (kept !== undefined) actions.push(`what was replaced is kept in ${kept}`)
  for (const id of survey.lost) lost.add(id)
  return root
}

async function mend(store: string, work: RepairWork, { refused }: Examination, progress: Progress): Promise<void> {
  const names = await listFolder(store)
  const single = names.includes(singleFileName) && !names.includes(manifestName)
  const root = await (single ? mendSingleFile : mendSegments)(store, { ...work, refused }, progress)
  await removeOrphans(store, root, work.operations)
}

async function tidy(store: string, root: StoredRoot, { operations, signal }: RepairWork, { actions }: Progress) {
  const orphans = await removeOrphans(store, root, operations)
  if (orphans.length > 0) actions.push(`removed ${orphans.length} files that belonged to nobody`)
  const { dimensions } = root.manifest.space
  const caches = await findUnusableCaches(store, dimensions, () => signal?.throwIfAborted())
  for (const file of caches) await operations.remove(storePath(store, file))
  if (caches.length > 0)
    actions.push(`removed ${caches.length} vector caches that were damaged or of another version; they are made anew`)
}

/** What one repair uncovers, another mends: a store that could not be opened is read in full only after the first. */
const mostRounds = 3

/** Repairs the store in a folder. For the holder of the lock. See `repairJsonStore`. */
export async function repairStore(store: string, work: RepairWork): Promise<RepairReport> {
  const progress: Progress = { actions: [], lost: new Set() }
  for (let round = 0; ; round++) {
    work.signal?.throwIfAborted()
    const examination = await examine(store, work)
    if (examination.root !== undefined) {
      await tidy(store, examination.root, work, progress)
      return { actions: progress.actions, lostSources: [...progress.lost].toSorted() }
    }
    if (round === mostRounds)
      throw corruptError('it is still damaged after repair', { path: store, hint: beyondRepairHint })
    await mend(store, work, examination, progress)
  }
}
