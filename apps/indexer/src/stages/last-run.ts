import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sha256, systemErrorCode } from '@quern/core'
import { makeFolder, writeFileDurably } from '@quern/core/files'
import { z } from 'zod'
import type { CommandContext } from '../command-context.ts'
import { modelFolderOf } from '../commands/pull-known-model.ts'

const count = z.int().min(0)

const lastRunSchema = z.object({
  format: z.literal('quern-last-run'),
  version: z.literal(1),
  /** Path or address of the store. */
  store: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  exitCode: z.int(),
  sources: z.object({ new: count, changed: count, moved: count, deleted: count, unchanged: count, failed: count }),
  chunks: z.object({ embedded: count, reused: count, written: count, deleted: count }),
  tokens: count,
  durationMs: z.number(),
  failures: z.array(z.object({ source: z.string(), code: z.string(), message: z.string() })),
  failuresLeftOut: count,
  /** The folders that were listed: the first part of the ids below them, and where they are. */
  roots: z.array(z.object({ name: z.string(), path: z.string() })),
  /** What was asked for, so that it can be compared again. */
  selection: z.object({
    sources: z.array(z.object({ path: z.string(), name: z.string().optional() })),
    include: z.array(z.string()).optional(),
    exclude: z.array(z.string()).optional(),
    ignoreFiles: z.boolean(),
  }),
})

/** What is remembered of a run. */
export type LastRun = z.output<typeof lastRunSchema>

/** Where a store is. */
interface StorePlace {
  readonly path: string
}

/**
 * Path of the file on the last run into a store. It lies in the user's cache, not in the store: a run that changes nothing writes nothing there, and a
 * store can be at an address.
 */
function lastRunPath({ path }: StorePlace, context: CommandContext): string {
  return join(modelFolderOf(context), 'runs', `${sha256(path).slice(0, 32)}.json`)
}

/** Remembers a run in place of the one before. Rejects when it cannot be written. */
export async function writeLastRun(
  store: StorePlace,
  run: Omit<LastRun, 'format' | 'version' | 'store'>,
  context: CommandContext,
): Promise<void> {
  const path = lastRunPath(store, context)
  await makeFolder(dirname(path))
  const record: LastRun = { format: 'quern-last-run', version: 1, store: store.path, ...run }
  await writeFileDurably(path, `${JSON.stringify(record, undefined, 2)}\n`)
}

/** The last run of this user into a store; undefined where none is remembered, or by another version of this program. */
export async function readLastRun(store: StorePlace, context: CommandContext): Promise<LastRun | undefined> {
  try {
    return lastRunSchema.safeParse(JSON.parse(await readFile(lastRunPath(store, context), 'utf8'))).data
  } catch (error) {
    // It is a convenience: what cannot be read is not there.
    if (systemErrorCode(error) === undefined && !(error instanceof SyntaxError)) throw error
    return undefined
  }
}
