import { expect, test } from 'vitest'
import { collectChunks, documentOf } from './collect-chunks.ts'
import { countWordPieces } from './token-counters.ts'

const options = { maxTokens: 256, targetTokens: 120, countTokens: countWordPieces }

function code(pageContent: string, codeLanguage: string) {
  return documentOf(pageContent, { mediaType: 'text/x-source-code', codeLanguage })
}

function body(number: number, indent: string): string {
  return Array.from({ length: 2 + (number % 4) }, (_, line) => `${indent}grind(stone${number}, ${line})`).join('\n')
}

const samples: readonly (readonly [string, (number: number) => string])[] = [
  ['typescript', (n) => `/** Grinds ${n}.\n * Twice. */\nexport function grind${n}() {\n${body(n, '  ')}\n}`],
  ['python', (n) => `# Grinds ${n}.\n@once\ndef grind${n}():\n${body(n, '    ')}`],
  ['rust', (n) => `/// Grinds ${n}.\npub fn grind${n}() {\n${body(n, '    ')}\n}`],
  ['go', (n) => `// grind${n} grinds.\nfunc grind${n}() {\n${body(n, '\t')}\n}`],
  ['lua', (n) => `-- Grinds ${n}.\nfunction grind${n}()\n${body(n, '  ')}\nend`],
]

test.each(samples)('%s: functions that fit are not cut, and keep the comments above them', async (language, write) => {
  for (const between of ['\n\n', '\n\n\n']) {
    const functions = Array.from({ length: 60 }, (_, number) => write(number))
    const chunks = await collectChunks(code(functions.join(between), language), options)
    expect(chunks.length).toBeGreaterThan(10)
    expect(chunks.flatMap(({ pageContent }) => pageContent.split(between))).toEqual(functions)
  }
})

test('functions without blank lines between them are not cut where the language is known', async () => {
  for (const [language, write] of samples.slice(0, 4)) {
    const functions = Array.from({ length: 60 }, (_, number) => write(number))
    const chunks = await collectChunks(code(functions.join('\n'), language), options)
    for (const each of functions) expect(chunks.some(({ pageContent }) => pageContent.includes(each))).toBe(true)
  }
})

test('a long class is cut between its methods rather than inside them', async () => {
  const methods = Array.from(
    { length: 40 },
    (_, n) => `  mill${n}(rye) {\n    if (rye) {\n${body(n, '      ')}\n\n      stop()\n    }\n  }`,
  )
  const chunks = await collectChunks(code(`class Mill {\n${methods.join('\n\n')}\n}`, 'javascript'), options)
  for (const each of methods) expect(chunks.some(({ pageContent }) => pageContent.includes(each.trim()))).toBe(true)
})

test('a chunk keeps the indentation of its first line', async () => {
  const lines = Array.from({ length: 90 }, (_, line) => `      - name: mill-${line}`).join('\n')
  const chunks = await collectChunks(code(`jobs:\n  mill:\n    steps:\n${lines}`, 'yaml'), options)
  for (const { pageContent } of chunks.slice(1)) expect(pageContent).toMatch(/^ {6}- name/)
})

test('minified code and JSON on one line is cut between words', async () => {
  const json = JSON.stringify(Array.from({ length: 300 }, (_, id) => ({ id, text: `a mill of ${id} stones` })))
  const chunks = await collectChunks(code(json, 'json'), options)
  expect(chunks.length).toBeGreaterThan(10)
  expect(chunks.map(({ pageContent }) => pageContent).join(' ')).toBe(json)
})

test('source code has no headings, and Markdown is read as code where the format says so', async () => {
  const text = '# a comment\n\nx = 1\n\n# another\n\ny = 2'
  for (const settings of [{}, { format: 'code' }, { strategy: 'code' }] as const) {
    const document = 'format' in settings || 'strategy' in settings ? documentOf(text) : code(text, 'python')
    const chunks = await collectChunks(document, { ...options, ...settings })
    expect(chunks.map(({ pageContent, metadata }) => [pageContent, metadata.headings])).toEqual([[text, undefined]])
  }
})

test('long fenced code is cut before the declarations of its language', async () => {
  const functions = Array.from({ length: 30 }, (_, n) => `def grind${n}():\n${body(n, '    ')}`)
  const chunks = await collectChunks(documentOf(`\`\`\`py\n${functions.join('\n')}\n\`\`\``), options)
  for (const each of functions) expect(chunks.some(({ pageContent }) => pageContent.includes(each))).toBe(true)
})
