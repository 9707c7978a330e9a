import { errorMessage, isQuernError, QuernError } from '@quern/core'
import type { EmbeddingSpace, SourceChunks, SourceState, StoredChunk } from '@quern/core'
import { exportFormat, exportVersion } from './export-lines.ts'
import { chunksOf, isFields, spaceOf, stateOf } from './line-shape.ts'

/** What JSON Lines hold that `exportLines` made. */
export interface OpenedExport {
  readonly space: EmbeddingSpace
  /** What the first line says of the number of sources and chunks. */
  readonly expected: { readonly sources: number; readonly chunks: number }
  /** The sources in order, one in memory at a time. To be read once. Rejects with `CORRUPT`, naming the line. */
  readonly sources: AsyncIterable<SourceChunks>
}

type Fields = Readonly<Record<string, unknown>>

function damaged(place: string, reason: string, cause?: unknown): QuernError {
  return new QuernError('CORRUPT', `${place} ${reason}`, {
    hint: 'Export again, or import a sound copy of the file. What came before the damage may have been imported; importing again goes on.',
    ...(cause === undefined ? {} : { cause }),
  })
}

/** One object a line, with its number. */
async function* parseLines(lines: AsyncIterable<string>, place: string): AsyncGenerator<readonly [Fields, number]> {
  let number = 0
  for await (const line of lines) {
    number++
    if (line.trim() === '') continue
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch (error) {
      throw damaged(place, `is damaged in line ${number}: ${errorMessage(error)}`, error)
    }
    if (!isFields(value)) throw damaged(place, `is damaged in line ${number}: it is no JSON object`)
    yield [value, number]
  }
}

/** Runs a reading of a line; what is wrong with it is told with its number. */
function read<T>(place: string, number: number, reading: () => T): T {
  try {
    return reading()
  } catch (error) {
    throw isQuernError(error) ? error : damaged(place, `is damaged in line ${number}: ${errorMessage(error)}`, error)
  }
}

function checkHead(head: Fields | undefined, place: string): Fields {
  if (head?.['format'] !== exportFormat) {
    throw new QuernError(
      'CORRUPT',
      `${place} is no export of a store: its first line does not say "format":"${exportFormat}"`,
      {
        hint: 'Make one with: indexer export <file>',
      },
    )
  }
  const version = head['version']
  if (version === exportVersion) return head
  throw new QuernError(
    'STORE_NEWER',
    `${place} is an export of version ${String(version)}, and this program reads version ${exportVersion}`,
    { hint: 'Import it with a newer version of this program.' },
  )
}

/** The first object, if there is one. What is no JSON at all is no damaged export. */
async function firstObject(parsed: AsyncGenerator<readonly [Fields, number]>): Promise<Fields | undefined> {
  try {
    const first = await parsed.next()
    return first.done === true ? undefined : first.value[0]
  } catch (error) {
    if (isQuernError(error) && error.cause instanceof SyntaxError) return undefined
    throw error
  }
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0
}

/** A source that is being put together from its lines. */
interface OpenSource {
  readonly state: SourceState
  readonly chunks: StoredChunk[]
}

function finish({ state, chunks }: OpenSource, place: string): SourceChunks {
  if (chunks.length === state.chunkCount) return { state, chunks }
  throw damaged(place, `has ${chunks.length} chunks of ${state.id}, and says that there are ${state.chunkCount}`)
}

async function* readSources(
  lines: AsyncIterable<readonly [Fields, number]>,
  place: string,
): AsyncGenerator<SourceChunks> {
  let open: OpenSource | undefined
  let sources = 0
  let chunks = 0
  for await (const [line, number] of lines) {
    if (open !== undefined && line['more'] === open.state.id) {
      open.chunks.push(...read(place, number, () => chunksOf(line['chunks'])))
      continue
    }
    if (open !== undefined) {
      yield finish(open, place)
      sources++
      chunks += open.chunks.length
      open = undefined
    }
    const { end } = line
    if (isFields(end)) {
      if (end['sources'] === sources && end['chunks'] === chunks) return
      throw damaged(place, `has ${sources} sources with ${chunks} chunks, and its last line says otherwise`)
    }
    open = read(place, number, () => ({ state: stateOf(line['source']), chunks: chunksOf(line['chunks']) }))
  }
  throw damaged(place, 'ends early: its last line, which has the counts, is missing')
}

/**
 * Reads JSON Lines that `exportLines` made (`splitLines` makes lines of a file). `place` names them in errors. Rejects with `CORRUPT` when
 * they are something else and `STORE_NEWER` when a newer version made them; what is wrong further on is told by `sources`.
 */
export async function openExport(lines: AsyncIterable<string>, place: string): Promise<OpenedExport> {
  const parsed = parseLines(lines, place)
  const head = checkHead(await firstObject(parsed), place)
  return {
    space: read(place, 1, () => spaceOf(head['space'])),
    expected: { sources: countOf(head['sources']), chunks: countOf(head['chunks']) },
    sources: readSources(parsed, place),
  }
}
