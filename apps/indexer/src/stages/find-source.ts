import { basename } from 'node:path/posix'
import { QuernError } from '@quern/core'
import type { SourceState, VectorStore } from '@quern/core'
import leven from 'leven'

const mostSuggestions = 5

/** How far an id is from what was typed; undefined where they have nothing in common. */
function distance(id: string, typed: string): number | undefined {
  const wanted = typed.toLowerCase()
  const have = id.toLowerCase()
  if (have.endsWith(`/${wanted}`) || basename(have) === basename(wanted)) return 0
  if (have.includes(wanted)) return 1
  const whole = leven(have, wanted)
  const name = leven(basename(have), basename(wanted))
  if (name <= Math.max(1, basename(wanted).length / 3)) return 1 + name
  return whole <= Math.max(2, wanted.length / 4) ? 1 + whole : undefined
}

/** The error for an id that is not stored, which names those that look alike. */
function notFound(typed: string, alike: readonly string[], programName: string): QuernError {
  const hint =
    alike.length > 0
      ? `Did you mean: ${alike.join(', ')}`
      : `An id is the name of the indexed folder and the path below it, for instance docs/guide/intro.md. See what can be found: ${programName} search "…"`
  return new QuernError('SOURCE_NOT_FOUND', `the store has no source ${typed}`, { hint, details: { source: typed } })
}

/**
 * The stored source that is meant by one of these ids, the first of which is what was typed. Rejects with `SOURCE_NOT_FOUND`, naming close
 * matches.
 */
export async function findSource(
  store: VectorStore,
  ids: readonly string[],
  programName: string,
): Promise<SourceState> {
  const [typed = ''] = ids
  const found = new Map<string, SourceState>()
  let close: { readonly id: string; readonly distance: number }[] = []
  for await (const state of store.listSources()) {
    if (ids.includes(state.id)) found.set(state.id, state)
    const far = distance(state.id, typed)
    if (far === undefined) continue
    close.push({ id: state.id, distance: far })
    close = close.toSorted((a, b) => a.distance - b.distance).slice(0, mostSuggestions)
  }
  const [state] = ids.flatMap((id) => found.get(id) ?? [])
  if (state !== undefined) return state
  throw notFound(
    typed,
    close.map(({ id }) => id),
    programName,
  )
}
