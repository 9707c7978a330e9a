import type { Segment } from '@quern/core'
import { normalizeText } from '../decode-text.ts'
import type { DeclaredMetadata } from '../document-metadata.ts'
import type { Block } from './blocks.ts'
import { renderBlocks } from './blocks.ts'
import { OfficeError } from './office-error.ts'

/** What was read from a file. */
export interface OfficeDocument {
  readonly text: string
  readonly declared: DeclaredMetadata
  readonly segments?: readonly Segment[]
  readonly pageCount?: number
}

/** A slide or sheet: its place, and what stands on it. */
export interface Part {
  readonly place: Pick<Segment, 'page' | 'sheet'>
  readonly blocks: readonly Block[]
}

/** Longest text of a file, in UTF-16 code units: about four hours of novels. */
export const mostCharacters = 2 ** 26

/** Refuses a text that has grown too long. */
export function checkLength(characters: number): void {
  if (characters <= mostCharacters) return
  throw new OfficeError('RESOURCE_LIMIT', `its text is longer than ${mostCharacters} characters`)
}

/** The texts of parts, one below the other, each with a segment. */
export function joinParts(parts: readonly Part[]): Pick<OfficeDocument, 'text' | 'segments'> {
  const texts: string[] = []
  const segments: Segment[] = []
  let length = 0
  for (const { place, blocks } of parts) {
    // Before offsets are taken.
    const text = normalizeText(renderBlocks(blocks))
    if (text === '') continue
    const start = length === 0 ? 0 : length + 2
    length = start + text.length
    checkLength(length)
    texts.push(text)
    segments.push({ start, end: length, ...place })
  }
  return { text: texts.join('\n\n'), segments }
}
