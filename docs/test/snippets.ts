import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fencedBlocks } from '@quern/test-fixtures'
import { pages, root } from './pages.ts'
import { quotedFile } from './quotations.ts'

/** A block of code of a page. */
export interface Snippet {
  readonly page: string
  /** Line of the page, from 1, on which the code begins. */
  readonly line: number
  readonly code: string
  /** What the page says that it prints: the block `text` that follows, or undefined. */
  readonly printed: string | undefined
}

/** Where snippets are written: beside the packages that they import, and ignored by git. */
export const snippetFolder = join(root, 'docs', '.snippets')

/** The blocks `ts` of all pages, but for what is a part of an example: tests compare it with the program itself. */
export async function typeScriptSnippets(): Promise<Snippet[]> {
  const found: Snippet[] = []
  for (const page of (await pages()).filter((path) => !path.startsWith('examples/'))) {
    const markdown = await readFile(join(root, page), 'utf8')
    const blocks = fencedBlocks(markdown)
    for (const [index, { language, text, line }] of blocks.entries()) {
      if (language !== 'ts' || quotedFile(markdown, { language, text, line }) !== undefined) continue
      const next = blocks[index + 1]
      found.push({ page, line, code: text, printed: next?.language === 'text' ? next.text : undefined })
    }
  }
  return found
}

/** File that a snippet is written to. */
export function snippetFile({ page, line }: Snippet): string {
  return join(snippetFolder, `${page.replaceAll('/', '-').replace('.md', '')}-${line}.ts`)
}

/** Writes the snippets, and nothing but them, into their folder. */
export async function writeSnippets(snippets: readonly Snippet[]): Promise<void> {
  await rm(snippetFolder, { recursive: true, force: true })
  await mkdir(snippetFolder)
  for (const snippet of snippets) await writeFile(snippetFile(snippet), `${snippet.code}export {}\n`)
  const config = { extends: '../../tsconfig.base.json', include: ['*.ts', '../test/*.d.ts'] }
  await writeFile(join(snippetFolder, 'tsconfig.json'), JSON.stringify(config))
}
