import { QuernError } from '@quern/core'
import type { SourceState, StoredChunk, VectorStore } from '@quern/core'
import type { CommandContext } from '../command-context.ts'
import { resolveConfig } from '../config/resolve-config.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { GlobalOptions } from '../global-options.ts'
import { interruptible } from '../interruptible.ts'
import { programAsTyped } from '../next-command.ts'
import { chunkLines, sourceLines } from '../report/show-listing.ts'
import { findSource } from '../stages/find-source.ts'
import { openSourcePlaces } from '../stages/source-places.ts'
import { openStore } from '../stages/open-store.ts'

/** What `show` takes. */
export interface ShowOptions extends GlobalOptions {
  /** Print the numbers of vectors, too. */
  readonly vector?: boolean
}

/** The beginning of a chunk id, long enough to be no word. */
const idPattern = /^[0-9a-f]{8,64}$/
const idLength = 64

/** What was asked for: one chunk, or a source with all that it has. */
type Shown =
  | { readonly type: 'chunk'; readonly chunk: StoredChunk }
  | { readonly type: 'source'; readonly state: SourceState }

/** The chunk with this id, or the one whose id begins so. Rejects with `SOURCE_NOT_FOUND` where several do. */
async function findChunk(store: VectorStore, id: string, signal: AbortSignal): Promise<StoredChunk | undefined> {
  const query = id.length === idLength ? { ids: [id], signal } : { signal }
  const found: StoredChunk[] = []
  for await (const chunk of store.getChunks(query)) {
    if (!chunk.id.startsWith(id)) continue
    found.push(chunk)
    if (found.length === 2) {
      throw new QuernError('SOURCE_NOT_FOUND', `more than one chunk has an id that begins with ${id}`, {
        hint: `Give more of it: ${found.map((one) => one.id).join(' or ')}`,
      })
    }
  }
  return found[0]
}

async function find(typed: string, store: VectorStore, at: Showing): Promise<Shown> {
  const chunk = idPattern.test(typed) ? await findChunk(store, typed, at.signal) : undefined
  if (chunk !== undefined) return { type: 'chunk', chunk }
  return { type: 'source', state: await findSource(store, at.ids, programAsTyped(at.context.programName, at.options)) }
}

/** What one call works with. */
interface Showing {
  /** Ids that may be meant. */
  readonly ids: readonly string[]
  readonly options: ShowOptions
  readonly context: CommandContext
  readonly signal: AbortSignal
}

function printChunk(chunk: StoredChunk, { options, context: { stdout } }: Showing): void {
  if (options.json !== true) {
    for (const line of chunkLines(chunk, { vector: options.vector === true, stream: stdout })) stdout.write(`${line}\n`)
    return
  }
  const { id, pageContent, metadata, embedText, textHash, createdAt } = chunk
  const vector = options.vector === true ? { vector: Array.from(chunk.vector) } : {}
  stdout.write(`${JSON.stringify({ id, pageContent, metadata, embedText, textHash, createdAt, ...vector })}\n`)
}

/** Prints the chunks of a source, or one chunk. */
export async function showCommand(typed: string, options: ShowOptions, context: CommandContext): Promise<ExitCode> {
  const config = await resolveConfig(options, context)
  const places = await openSourcePlaces(config, context)
  return interruptible(
    () => {},
    async (signal) => {
      await using store = await openStore(config, { mode: 'read', signal })
      const at: Showing = { ids: places.idsOf(typed), options, context, signal }
      const shown = await find(typed, store, at)
      if (shown.type === 'chunk') {
        printChunk(shown.chunk, at)
        return exitCodes.done
      }
      const { state } = shown
      if (options.json !== true) {
        const file = await places.fileOf(state.id)
        for (const line of sourceLines(state, file)) context.stdout.write(`${line}\n`)
      }
      for await (const chunk of store.getChunks({ sources: [state.id], signal })) printChunk(chunk, at)
      return exitCodes.done
    },
  )
}
