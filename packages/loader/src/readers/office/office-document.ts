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
  /** Number of slides, sheets or chapters that it names and does not have. Absent: not counted. */
  readonly missingParts?: number
}

/** The place of a slide or sheet. */
export type PartPlace = Pick<Segment, 'page' | 'sheet'>

/** Longest text of a file, in UTF-16 code units: about four hours of novels. */
const mostCharacters = 2 ** 26

/** Refuses a text that has grown too long. */
export function checkLength(characters: number): void {
  if (characters <= mostCharacters) return
  throw new OfficeError('RESOURCE_LIMIT', `its text is longer than ${mostCharacters} characters`)
}

/** Writes slides or sheets one below the other. */
export interface PartWriter {
  /** Adds what stands on one; nothing if that is no text. */
  add(place: PartPlace, blocks: readonly Block[]): void
  /** The text, with a segment for each part that has a place. */
  finish(): Pick<OfficeDocument, 'text' | 'segments'>
}

/** Begins an empty text. */
export function createPartWriter(): PartWriter {
  const texts: string[] = []
  const segments: Segment[] = []
  let length = 0
  return {
    add(place, blocks) {
      // Before offsets are taken.
      const text = normalizeText(renderBlocks(blocks))
      if (text === '') return
      const start = length === 0 ? 0 : length + 2
      length = start + text.length
      checkLength(length)
      texts.push(text)
      if (place.page !== undefined || place.sheet !== undefined) segments.push({ start, end: length, ...place })
    },
    finish: () => ({ text: texts.join('\n\n'), ...(segments.length === 0 ? {} : { segments }) }),
  }
}
