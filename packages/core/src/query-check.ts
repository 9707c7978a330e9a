import { QuernError } from './quern-error.ts'
import { vectorFault } from './similarity.ts'
import type { SearchMode, SearchQuery } from './vector-store.ts'

/** Refuses a query that no store may answer (`QUERY_INVALID`) and a mode that this one does not have (`SEARCH_MODE_UNSUPPORTED`). */
export function checkQuery(query: SearchQuery, dimensions: number, searchModes: readonly SearchMode[]): void {
  if (!searchModes.includes(query.mode)) {
    throw new QuernError('SEARCH_MODE_UNSUPPORTED', `this store does not search by ${query.mode}`, {
      hint: `It answers: ${searchModes.join(', ')}.`,
      details: { mode: query.mode },
    })
  }
  if (!Number.isSafeInteger(query.limit) || query.limit < 0) {
    throw new QuernError('QUERY_INVALID', `the limit of a search is a whole number from 0, not ${query.limit}`)
  }
  if (query.mode !== 'keyword') {
    const fault = query.vector === undefined ? 'there is none' : vectorFault(query.vector, dimensions)
    if (fault !== undefined) throw new QuernError('QUERY_INVALID', `the query vector cannot be compared: ${fault}`)
  }
  if (query.mode === 'vector') return
  if (query.text === undefined || query.text.trim() === '')
    throw new QuernError('QUERY_INVALID', `a search by ${query.mode} needs the query's words`)
  if (!query.text.isWellFormed())
    throw new QuernError('QUERY_INVALID', `the text of a search by ${query.mode} holds a lone surrogate`)
}
