import type { LlamaEmbedderOptions } from './llama-embedder-options.ts'

/** What is done with a text that does not fit. */
export type Overlong = NonNullable<LlamaEmbedderOptions['overlong']>

/**
 * The pieces of which the model sees one at a time: the tokens as they are where they fit into `room`; else their beginning
 * (`truncate`), or as few pieces of about equal length as hold them all (`split-and-mean`), or none (`error`).
 */
export function fitTokens<T>(tokens: readonly T[], room: number, overlong: Overlong): readonly (readonly T[])[] {
  if (tokens.length <= room) return [tokens]
  switch (overlong) {
    case 'error':
      return []
    case 'truncate':
      return [tokens.slice(0, room)]
    case 'split-and-mean': {
      const count = Math.ceil(tokens.length / room)
      return Array.from({ length: count }, (_, piece) =>
        tokens.slice(Math.floor((piece * tokens.length) / count), Math.floor(((piece + 1) * tokens.length) / count)),
      )
    }
  }
}
