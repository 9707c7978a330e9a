import { errorMessage } from '@quern/core'
import type { DeclaredMetadata } from '../document-metadata.ts'

/** A Markdown text, split into what its front matter declares and the text below. */
export interface FrontMatter {
  readonly declared: DeclaredMetadata
  readonly body: string
  /** Line of the text, from 1, on which the body begins. */
  readonly firstLine: number
  /** What is wrong with the front matter, which then is part of the body. */
  readonly error?: string
}

/** Longest front matter, and longest JSON of it, in characters: metadata travels with every chunk, and the time for YAML grows with its square. */
const longest = 32_768
const longestError = 200

const opening = /^---[ \t]*\n/
const closing = /^---[ \t]*$/gm

function countLines(text: string): number {
  return text.split('\n').length
}

interface Block extends Pick<FrontMatter, 'body' | 'firstLine'> {
  readonly yaml: string
}

function findBlock(text: string): Block | undefined {
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

/** The mapping that the YAML is; undefined for a list or prose between two rules. Throws what is wrong with it. */
async function parseMapping(yaml: string): Promise<DeclaredMetadata | undefined> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(yaml, { logLevel: 'error' })
  const [fault] = document.errors
  if (fault !== undefined) throw fault
  const value: unknown = document.toJS({ maxAliasCount: 100 })
  if (value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) return undefined
  if (JSON.stringify(value).length > longest) throw new Error(`it is longer than ${longest} characters`)
  return { ...value }
}

/** The first line of a message, without the text that it quotes; lines counted in the file, where one stands above. */
function shortMessage(error: unknown): string {
  const [message = ''] = errorMessage(error).split('\n')
  return message
    .slice(0, longestError)
    .replace(/ at line (\d+), column \d+:?$/, (_, line: string) => ` on line ${Number(line) + 1}`)
    .toWellFormed()
}

/**
 * Splits off YAML front matter: a mapping between two `---` lines, the first of which is the first line of the text. What is not a valid mapping,
 * is longer than 32 K characters, or holds an alias bomb stays in the text. Nothing in it is ever executed.
 */
export async function splitFrontMatter(text: string): Promise<FrontMatter> {
  const whole: FrontMatter = { declared: {}, body: text, firstLine: 1 }
  const block = findBlock(text)
  if (block === undefined) return whole
  const { yaml, ...rest } = block
  try {
    const declared = await parseMapping(yaml)
    return declared === undefined ? whole : { declared, ...rest }
  } catch (error) {
    return { ...whole, error: shortMessage(error) }
  }
}
