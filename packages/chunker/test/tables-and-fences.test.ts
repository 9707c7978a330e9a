import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collectChunks, documentOf } from './collect-chunks.ts'
import { paragraph } from './sample-texts.ts'
import { countCharacters, countWordPieces } from './token-counters.ts'

const options = { maxTokens: 256, targetTokens: 150, countTokens: countWordPieces }
const head = '| stone | grain | days |\n|:-----|------:|---|'

function rowsOf(count: number): string[] {
  return Array.from({ length: count }, (_, row) => `| granite ${row} | rye of field ${row} | ${row * 7} |`)
}

function tableOf(rows: number): string {
  return [head, ...rowsOf(rows)].join('\n')
}

function fenceOf(lines: number): string {
  const body = Array.from({ length: lines }, (_, line) => (line % 7 === 6 ? '' : `grind(${line}, "rye") # ${line}`))
  return ['```python', ...body, '```'].join('\n')
}

test('the pieces of a table that is cut begin with its head in the embedded text only', async () => {
  const text = `# Stones\n\n${paragraph(1)}\n\n${tableOf(60)}\n\n${paragraph(2)}`
  const chunks = await collectChunks(documentOf(text), options)
  const within = chunks.filter(({ pageContent }) => pageContent.startsWith('| granite'))
  expect(within.length).toBeGreaterThan(3)
  for (const { embedText, pageContent } of within) expect(embedText).toBe(`Stones\n\n${head}\n${pageContent}`)
  const rows = chunks.flatMap(({ pageContent }) => pageContent.match(/^\| granite.*$/gm) ?? [])
  expect(rows).toEqual(rowsOf(60))
})

test('the head is not repeated where the chunk holds it, above other text, or where it is long', async () => {
  const chunks = await collectChunks(documentOf(`${paragraph(1)}\n\n${tableOf(4)}\n\n${paragraph(2)}`), options)
  expect(chunks.every(({ embedText, pageContent }) => embedText === pageContent)).toBe(true)
  const wide = Array.from({ length: 30 }, (_, column) => `column ${column}`)
  const rule = wide.map(() => '---').join('|')
  const text = `${wide.join('|')}\n${rule}\n${`${wide.map((_, column) => column).join('|')}\n`.repeat(40)}`
  const cut = await collectChunks(documentOf(text), options)
  expect(cut.length).toBeGreaterThan(5)
  expect(cut.every(({ embedText, pageContent }) => embedText === pageContent)).toBe(true)
})

test('a table may follow a paragraph without a blank line; escaped pipes and lines without a rule make none', async () => {
  const below = await collectChunks(documentOf(`These are all of them:\n${tableOf(60)}`), options)
  expect(below.at(-1)?.embedText.startsWith(head)).toBe(true)
  for (const other of ['a \\| b\n--- | ---', 'a | b | c\n--- | ---', 'a | b\n--- | -x-']) {
    const rows = 'one | two\n'.repeat(200)
    const chunks = await collectChunks(documentOf(`${other}\n${rows}`), options)
    expect(chunks.every(({ embedText, pageContent }) => embedText === pageContent)).toBe(true)
  }
})

test('with overlap a chunk repeats rows, and the head as well', async () => {
  const chunks = await collectChunks(documentOf(tableOf(60)), { ...options, overlapTokens: 40 })
  for (const [index, { embedText, metadata }] of chunks.slice(1).entries()) {
    expect(embedText.startsWith(`${head}\n| granite`)).toBe(true)
    expect(metadata.start).toBeLessThan(chunks[index]?.metadata.end ?? 0)
  }
})

test('tables in plain text are lines', async () => {
  const chunks = await collectChunks(documentOf(tableOf(60), { mediaType: 'text/plain' }), options)
  expect(chunks.every(({ embedText, pageContent }) => embedText === pageContent)).toBe(true)
})

test('a fence or table of at most twice the target is not cut, whatever stands around it', async () => {
  const kept = fc.record({ isTable: fc.boolean(), size: fc.integer({ min: 1, max: 60 }), words: fc.nat(4) })
  await fc.assert(
    fc.asyncProperty(
      fc.array(kept, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 100, max: 900 }),
      fc.constantFrom(0, 0.2, 0.5),
      fc.constantFrom(countWordPieces, countCharacters),
      async (blocks, targetTokens, overlapShare, countTokens) => {
        const maxTokens = Math.floor(targetTokens * 1.6)
        const texts = blocks.map(({ isTable, size }) => (isTable ? tableOf(size) : fenceOf(size)))
        const text = blocks
          .map(
            ({ words }, index) =>
              `${'#'.repeat(1 + (index % 3))} Part ${index}\n\n${paragraph(index).slice(0, words * 90)}\n\n${texts[index]}`,
          )
          .join('\n\n')
        const limits = { maxTokens, targetTokens, overlapTokens: Math.floor(targetTokens * overlapShare), countTokens }
        const chunks = await collectChunks(documentOf(text), limits)
        const fitting = texts.filter((block) => countTokens(`Part 1 > Part 2 > Part 3\n\n${block}`) <= maxTokens)
        for (const block of fitting) expect(chunks.some(({ pageContent }) => pageContent.includes(block))).toBe(true)
      },
    ),
  )
})

test('a fence in a list may be indented, and ends with the list', async () => {
  const item = `1. Grind it:\n\n    \`\`\`sh\n    # no heading\n\n    grind rye\n    \`\`\`\n\n${paragraph(1)}`
  const open = '- Sift it:\n\n    ```\n    sift\n\n# A heading'
  const chunks = await collectChunks(documentOf(`${item}\n\n${open}\n\n${paragraph(2)}`), options)
  expect(chunks.at(-1)?.metadata.headings).toEqual(['A heading'])
  expect(chunks.flatMap(({ metadata }) => metadata.headings ?? []).every((title) => title === 'A heading')).toBe(true)
})
