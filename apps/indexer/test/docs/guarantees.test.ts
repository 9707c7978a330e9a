import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

const root = new URL('../../../../', import.meta.url)
const page = await readFile(new URL('docs/guarantees.md', root), 'utf8')

/** A guarantee, and what the page names as its proof. */
interface Guarantee {
  readonly sentence: string
  readonly proofs: readonly { readonly path: string; readonly titles: readonly string[] }[]
}

/** `[name](../path)` with the titles of tests behind it, in quotes, up to the next link. */
function proofsOf(cell: string): Guarantee['proofs'] {
  return [...cell.matchAll(/\[[^\]]*\]\(\.\.\/([^)]+)\)([^[]*)/g)].map(([, path = '', rest = '']) => ({
    path,
    titles: [...rest.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
  }))
}

const guarantees = [...page.matchAll(/^\| \*\*(.+?)\*\* .*?\| (.*) \|$/gm)].map(
  ([, sentence = '', cell = '']): Guarantee => ({ sentence, proofs: proofsOf(cell) }),
)

test('the page has its guarantees', () => {
  expect(guarantees.length).toBeGreaterThan(15)
})

test.each(guarantees)('what proves "$sentence" is there', async ({ proofs }) => {
  expect(proofs.length).toBeGreaterThan(0)
  for (const { path, titles } of proofs) {
    const text = await readFile(new URL(path, root), 'utf8').catch(() => '')
    expect(text, path).not.toBe('')
    for (const title of titles) expect(text, path).toContain(title)
  }
})
