import { QuernError } from '@quern/core'
import type { Chunk, LineRange } from '@quern/core'

function placeIn({ from, to }: LineRange): string {
  return from === to ? `line ${from}` : `lines ${from} to ${to}`
}

/** The refusal of a chunk's text, that names the chunk where the embedder named the text by its place among those it was sent. */
export function nameChunk(error: QuernError, { metadata }: Pick<Chunk, 'metadata'>): QuernError {
  const { code, message, hint, cause } = error
  const { index, ...details } = error.details
  const { chunk, lines, page } = metadata
  const place = page === undefined ? placeIn(lines) : `page ${page}`
  const name = `chunk ${chunk} (${place})`
  const said = message.replace(new RegExp(`\\btext ${Number(index)}\\b`), name)
  return new QuernError(code, said === message ? `${name}: ${message}` : said, {
    ...(hint === undefined ? {} : { hint }),
    cause,
    details: { ...details, chunk, lines },
  })
}
