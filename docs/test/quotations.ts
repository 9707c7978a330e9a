import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fencedBlocks } from '@quern/test-fixtures'
import type { FencedBlock } from '@quern/test-fixtures'
import { pages, root } from './pages.ts'

/** A block of a page that repeats part of an example. */
export interface Quotation {
  readonly page: string
  /** Line of the page, from 1, on which the quoted text begins. */
  readonly line: number
  readonly text: string
  /** Path in the repository of the file that it is taken from. */
  readonly file: string
}

/** The file of an example that a block of a page in `docs` is said to be taken from: the paragraph above ends with a link to it and a colon. */
export function quotedFile(markdown: string, { line }: FencedBlock): string | undefined {
  const above = markdown
    .split('\n')
    .slice(0, line - 2)
    .join('\n')
    .trimEnd()
  return /\]\(\.\.\/(examples\/[^)\s]+\.(?:ts|yaml))\):$/.exec(above)?.[1]
}

/** All quotations of the pages in `docs`. */
export async function quotations(): Promise<Quotation[]> {
  const found: Quotation[] = []
  for (const page of (await pages()).filter((path) => path.startsWith('docs/'))) {
    const markdown = await readFile(join(root, page), 'utf8')
    for (const block of fencedBlocks(markdown)) {
      const file = quotedFile(markdown, block)
      if (file !== undefined) found.push({ page, line: block.line, text: block.text, file })
    }
  }
  return found
}
