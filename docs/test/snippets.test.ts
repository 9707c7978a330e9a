import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { corpusFolder, runNode, temporaryFolder } from '@quern/test-fixtures'
import { beforeAll, expect, test } from 'vitest'
import { root } from './pages.ts'
import { snippetFile, snippetFolder, typeScriptSnippets, writeSnippets } from './snippets.ts'

const snippets = await typeScriptSnippets()

beforeAll(() => writeSnippets(snippets))

test('the TypeScript of every page has the types that the packages have', async () => {
  expect(snippets.length).toBeGreaterThan(10)
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout } = await runNode([compiler, '--pretty', 'false', '-p', snippetFolder], { cwd: snippetFolder })
  const atPage = snippets.reduce((text, snippet) => {
    const file = snippetFile(snippet).slice(snippetFolder.length + 1)
    return text.replaceAll(`${file}(`, `${snippet.page}, code of line ${snippet.line} (`)
  }, stdout)
  expect(atPage).toBe('')
})

/** The documents that the pages call `docs`, at a place where stores may be made. */
async function folderWithDocs() {
  const temporary = await temporaryFolder()
  await cp(join(corpusFolder, 'compression'), join(temporary.path, 'docs'), { recursive: true })
  return temporary
}

const shown = snippets.filter(({ page, printed }) => page.startsWith('docs/') && printed !== undefined)

test.each([...Map.groupBy(shown, ({ page }) => page)])(
  'what %s says that its code prints is printed',
  async (_page, group) => {
    await using folder = await folderWithDocs()
    for (const snippet of group) {
      const { stdout, stderr } = await runNode([snippetFile(snippet)], { cwd: folder.path })
      expect(stdout + stderr).toBe(snippet.printed)
    }
  },
)
