import type { DeclaredMetadata } from '../document-metadata.ts'

/** A Markdown text, split into what its front matter declares and the text below. */
export interface FrontMatter {
  readonly declared: DeclaredMetadata
  readonly body: string
  /** Line of the text, from 1, on which the body begins. */
  readonly firstLine: number
}

/** Longest front matter, and longest JSON of it, in characters: metadata travels with every chunk. */
const longest = 65_536

const opening = /^---[ \t]*\n/
const closing = /^---[ \t]*$/gm

function countLines(text: string): number {
  return text.split('\n').length
}

function findBlock(text: string): (Omit<FrontMatter, 'declared'> & { readonly yaml: string }) | undefined {
  const first = opening.exec(text)
  if (first === null) return undefined
  const start = first[0].length
  const head = text.slice(start, start + longest)
  const last = head.matchAll(closing).next().value
  // A match at the cut may be the beginning of a longer line.
  if (last === undefined || (head.length === longest && last.index + last[0].length === longest)) return undefined
  const body = text.slice(start + last.index + last[0].length).replace(/^\n+/, '')
  const firstLine = countLines(text.slice(0, text.length - body.length))
  return { yaml: head.slice(0, last.index), body, firstLine }
}

async function parseMapping(yaml: string): Promise<DeclaredMetadata | undefined> {
  const { parseDocument } = await import('yaml')
  try {
    const document = parseDocument(yaml, { logLevel: 'error' })
    if (document.errors.length > 0) return undefined
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    if (value === null) return {}
    if (typeof value !== 'object' || Array.isArray(value)) return undefined
    return JSON.stringify(value).length > longest ? undefined : { ...value }
  } catch {
    // Alias bombs and nesting too deep for the stack. No metadata is the harmless reading of both.
    return undefined
  }
}

/**
 * Splits off YAML front matter: a mapping between two `---` lines, the first of which is the first line of the text. Undefined where
 * there is none, or it is not valid YAML, or it is longer than 64 K characters. Nothing in it is ever executed.
 */
export async function splitFrontMatter(text: string): Promise<FrontMatter | undefined> {
  const block = findBlock(text)
  if (block === undefined) return undefined
  const declared = await parseMapping(block.yaml)
  return declared === undefined ? undefined : { declared, body: block.body, firstLine: block.firstLine }
}
