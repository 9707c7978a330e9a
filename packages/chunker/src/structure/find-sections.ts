import type { Pause } from '../text/pause.ts'
import { trimRange } from '../text/text-range.ts'
import { weigh } from '../text/text-weight.ts'
import { endScan, readLine, startPart, startScan } from './scan-lines.ts'
import type { Carry, Section } from './section.ts'
import type { TextSyntax } from './text-syntax.ts'

const charactersBetweenPauses = 16_384

/** How `findSections` reads a text. */
export interface SectionOptions {
  readonly syntax: TextSyntax
  /** Of code; may be empty. */
  readonly language: string
  /** Offsets at which parts begin, ascending; the first part needs none. */
  readonly parts: readonly number[]
  /** What the text before has left open; told what this text leaves open, once the last section was taken. */
  readonly carry: Carry
  readonly pause: Pause
}

/** Each part of a source file as one section of one block. */
function* codeSections(text: string, { parts, language }: SectionOptions): Generator<Section> {
  const starts = [0, ...parts]
  for (const [part, start] of starts.entries()) {
    const range = trimRange(text, { start, end: starts[part + 1] ?? text.length })
    if (range === undefined) continue
    const block = { ...range, kind: 'code', weight: weigh(text, range.start, range.end), language } as const
    yield { path: [], blocks: [block], part, from: range.start }
  }
}

/** The sections of a text in order, in one pass over its lines. Headings inside fenced code are none. */
export async function* findSections(text: string, options: SectionOptions): AsyncGenerator<Section> {
  const { syntax, parts, carry, pause } = options
  if (syntax === 'code') {
    yield* codeSections(text, options)
    return
  }
  const scan = startScan(text, syntax, carry)
  let [scanned, part, newline] = [0, 0, -1]
  for (let start = 0; start < text.length;) {
    if (start === parts[part]) {
      part++
      const ended = startPart(scan)
      if (ended !== undefined) yield ended
    }
    if (newline < start) newline = text.indexOf('\n', start)
    if (newline === -1) newline = text.length
    const limit = parts[part] ?? text.length
    const end = Math.min(newline, limit)
    const next = Math.min(newline + 1, limit)
    const ended = readLine(scan, { start, end, next })
    if (ended !== undefined) yield ended
    start = next
    if (start - scanned < charactersBetweenPauses) continue
    await pause(start - scanned)
    scanned = start
  }
  const last = endScan(scan, carry)
  if (last !== undefined) yield last
}
