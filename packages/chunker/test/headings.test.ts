import { expect, test } from 'vitest'
import { collectChunks, documentOf } from './collect-chunks.ts'
import { paragraph } from './sample-texts.ts'
import { countWordPieces } from './token-counters.ts'

const options = { maxTokens: 512, targetTokens: 120, countTokens: countWordPieces }

/** The headings of the chunk that holds a text. */
async function headingsOf(markdown: string, found: string, metadata: object = {}): Promise<readonly string[]> {
  const chunks = await collectChunks(documentOf(markdown, metadata), options)
  const chunk = chunks.find(({ pageContent }) => pageContent.includes(found))
  expect(chunk).toBeDefined()
  return chunk?.metadata.headings ?? []
}

function body(number: number): string {
  return `${paragraph(number)} ${paragraph(number + 1)} mark-${number}`
}

test('a chunk has the headings above it, outermost first', async () => {
  const text = `# A\n\n${body(1)}\n\n## B\n\n${body(2)}\n\n### C ###\n\n${body(3)}\n\n## D\n\n${body(4)}\n\n# E\n\n${body(5)}`
  expect(await headingsOf(text, 'mark-1')).toEqual(['A'])
  expect(await headingsOf(text, 'mark-2')).toEqual(['A', 'B'])
  expect(await headingsOf(text, 'mark-3')).toEqual(['A', 'B', 'C'])
  expect(await headingsOf(text, 'mark-4')).toEqual(['A', 'D'])
  expect(await headingsOf(text, 'mark-5')).toEqual(['E'])
})

test('lines with # inside fenced code are no headings, and a fence ends only at its own marks', async () => {
  const code = '````sh\n# not a heading\n```\n# nor this\n~~~\n````'
  const text = `# Real\n\n${body(1)}\n\n${code}\n\n${body(2)}\n\n~~~\n# nor that\n~~~\n\n${body(3)}`
  for (const found of ['mark-1', 'nor this', 'mark-2', 'nor that', 'mark-3']) {
    expect(await headingsOf(text, found)).toEqual(['Real'])
  }
})

test('a fence that is never closed reaches to the end', async () => {
  expect(await headingsOf(`# Real\n\n\`\`\`\n# comment\n\n# more\n\n${body(1)}`, 'mark-1')).toEqual(['Real'])
})

test('underlined lines are headings; front matter, tables, lists and indented lines are none', async () => {
  const none = '---\ntitle: x\n---\n\na | b\n--- | ---\n\n- item\n---\n\n    # code\n\n#hashtag'
  expect(await headingsOf(`${none}\n\n${body(1)}`, 'mark-1')).toEqual([])
  expect(await headingsOf(`Top\n===\n\n${body(1)}\n\nBelow\n---\n\n${body(2)}`, 'mark-2')).toEqual(['Top', 'Below'])
})

test('titles are plain words', async () => {
  const text = `# The \`run\` [command](x.md) **now** <a id="1"></a>\n\n${body(1)}`
  expect(await headingsOf(text, 'mark-1')).toEqual(['The run command now'])
})

test('plain text has no headings; rendered text has those with blank lines around them', async () => {
  const text = `# A\n\n${body(1)}\n\ntext\n# comment\ntext\n\n${body(2)}`
  expect(await headingsOf(text, 'mark-2', { mediaType: 'text/plain' })).toEqual([])
  expect(await headingsOf(text, 'mark-2', { mediaType: undefined })).toEqual([])
  expect(await headingsOf(text, 'mark-2', { mediaType: 'application/pdf' })).toEqual(['A'])
  expect(await headingsOf(text, 'mark-2', { mediaType: 'Text/Markdown; charset=utf-8' })).toEqual(['comment'])
})

test('headings that stand before a chunk are put before its text in embedText, those inside it are not', async () => {
  const text = `# A\n\n## B\n\n${body(1)}\n\n${body(2)}\n\n${body(3)}`
  const [first, ...others] = await collectChunks(documentOf(text), options)
  expect(first?.embedText).toBe(first?.pageContent)
  expect(others.length).toBeGreaterThan(0)
  for (const { embedText, pageContent } of others) expect(embedText).toBe(`A > B\n\n${pageContent}`)
})

test('a chunk of several small sections has only the headings that they share', async () => {
  const text = '# A\n\n## B\n\none\n\n## C\n\ntwo'
  const chunks = await collectChunks(documentOf(text), options)
  expect(chunks.map(({ metadata }) => metadata.headings)).toEqual([['A']])
})

test('a heading is not left alone at the end of a chunk', async () => {
  const text = Array.from({ length: 40 }, (_, index) => `## H${index}\n\n${body(index)} ${body(index)}`).join('\n\n')
  for (const { pageContent } of await collectChunks(documentOf(text), options)) {
    expect(pageContent).not.toMatch(/(?:^|\n)## H\d+$/)
  }
})

test('a long heading loses its outer parts first, and no room gives no breadcrumb', async () => {
  const text = `# ${'outer '.repeat(40)}\n\n## inner\n\n${body(1)}\n\n${body(2)}`
  const long = await collectChunks(documentOf(text), options)
  expect(long.at(-1)?.embedText).toMatch(/^inner\n\n/)
  const none = await collectChunks(documentOf(text), { ...options, breadcrumbTokens: 0 })
  expect(none.every(({ embedText, pageContent }) => embedText === pageContent)).toBe(true)
})
