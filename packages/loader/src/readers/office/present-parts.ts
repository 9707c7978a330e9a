import { OfficeError } from './office-error.ts'
import type { ZipArchive } from './zip-archive.ts'

/** Those of a document's parts that its archive has, and how many it has not. */
export interface PresentParts {
  readonly present: ReadonlySet<string>
  readonly missing: number
}

/** Looks which parts (slides, sheets, chapters) are there. Throws `CORRUPT` where the document names some and has none of them. */
export function presentParts(archive: ZipArchive, named: readonly string[]): PresentParts {
  const distinct = new Set(named)
  const present = new Set([...distinct].filter((name) => archive.has(name)))
  if (present.size === 0 && distinct.size > 0) {
    throw new OfficeError('CORRUPT', `it has none of the slides, sheets or chapters that it names (${distinct.size})`)
  }
  return { present, missing: distinct.size - present.size }
}
