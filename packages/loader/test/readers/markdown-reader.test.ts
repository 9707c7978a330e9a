import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { markdownReader } from '../../src/readers/markdown-reader.ts'
import { readRequest } from './read-request.ts'

function read(content: string) {
  return markdownReader.read(readRequest(content))
}

describe('front matter', () => {
  test('becomes metadata and leaves the text', async () => {
    const { pageContent, metadata } = await read(
      '---\r\ntitle: A title\nauthor: [Ada, {name: Grace}]\ndate: 2024-01-02\nlang: en\ntags: [one, two]\ndraft: false\n---\n\n# Heading\n',
    )
    expect(pageContent).toBe('# Heading\n')
    expect(metadata).toEqual({
      title: 'A title',
      author: 'Ada, Grace',
      date: '2024-01-02',
      language: 'en',
      tags: ['one', 'two'],
      draft: false,
    })
  })

  test('counts in the lines of the file', async () => {
    for (const text of [
      '---\ntitle: x\n---\n# Heading\n',
      '---\r\n---\r\n\r\n\r\n# Heading\r\n',
      '---\na: |\n b\n\n---\n# Heading',
    ]) {
      const { firstLine } = await read(text)
      expect(text.split('\n')[(firstLine ?? 1) - 1]).toMatch(/^# Heading/)
    }
    expect(await read('# Heading')).not.toHaveProperty('firstLine')
  })

  test('cannot set what the pipeline sets', async () => {
    const keys =
      'source chunk start end lines tokens page pageEnd pageLabel headings segments mediaType pageCount encoding'
    const yaml = keys.split(' ').map((key) => `${key}: mine`)
    const { metadata } = await read(`---\n${yaml.join('\n')}\n__proto__: {polluted: true}\nkept: yes it is\n---\ntext`)
    expect(Object.entries(metadata)).toEqual([['kept', 'yes it is']])
  })

  test('gives JSON values only', async () => {
    const { metadata } = await read(
      '---\ntitle: 2024\nnumber: .inf\nnone: null\nlist: [1, .nan, x]\nmap: {1: one, deep: {a: [b]}}\nbytes: !!binary aGk=\nset: !!set {x}\n---\n',
    )
    expect(JSON.parse(JSON.stringify(metadata))).toEqual(metadata)
    expect(metadata).toMatchObject({
      title: '2024',
      none: null,
      list: [1, 'x'],
      map: { '1': 'one', deep: { a: ['b'] } },
    })
    expect(metadata).not.toHaveProperty('number')
  })

  test('may be empty', async () => {
    expect(await read('---\n---\ntext')).toEqual({ pageContent: 'text', firstLine: 3, metadata: {} })
  })

  test('may be all that there is', async () => {
    expect(await read('---\ntitle: Alone\n---')).toEqual({
      pageContent: '',
      firstLine: 3,
      metadata: { title: 'Alone' },
    })
  })

  const bomb = Array.from({ length: 12 }, (_value, level) => {
    const before = level === 0 ? 'x' : `*a${level - 1}`
    return `a${level}: &a${level} [${Array.from({ length: 10 }, () => before).join(', ')}]`
  })

  test.each([
    ['a list', '- one\n- two'],
    ['prose between rules', 'Just a paragraph.'],
    ['more than 32 K characters', `a: ${'x'.repeat(70_000)}`],
  ])('that is %s is none, and stays in the text', async (_what, yaml) => {
    const text = `---\n${yaml}\n---\n\ntext\n`
    expect(await read(text)).toEqual({ pageContent: text, metadata: {} })
  })

  test.each([
    ['invalid YAML', 'ok: 1\ntitle: Foo: bar', /^Nested mappings are not allowed in compact mappings on line 3$/],
    ['duplicate keys', 'a: 1\na: 2', /^Map keys must be unique on line 3$/],
    ['an alias bomb', bomb.join('\n'), /^Excessive alias count/],
    ['an alias to what it is part of', 'a: &a [*a, *a]', /./],
    ['an unknown alias', 'a: *nowhere', /nowhere/],
    ['deep nesting', `a: ${'['.repeat(20_000)}`, /./],
    ['values that are long together', `a: &a ${'x'.repeat(9000)}\nb: [${'*a, '.repeat(20)}]`, /longer than 32768/],
  ])('that is %s stays in the text, and the fault is told', async (_what, yaml, error) => {
    const text = `---\n${yaml}\n---\n\ntext\n`
    const { pageContent, metadata } = await read(text)
    expect(pageContent).toBe(text)
    expect(metadata).toEqual({ frontMatterError: expect.stringMatching(error) })
    expect((metadata['frontMatterError'] as string).length).toBeLessThanOrEqual(200)
  })

  test('keeps no value that is too long to travel with every chunk', async () => {
    const { metadata } = await read(`---\ntitle: ${'x'.repeat(3000)}\nnote: ${'y'.repeat(17_000)}\nok: z\n---\ntext`)
    expect(metadata).toEqual({ ok: 'z' })
  })

  test('is never executed', async () => {
    const text = '---js\nglobalThis.executed = true\n---\ntext'
    expect(await read(text)).toEqual({ pageContent: text, metadata: {} })
    await read('---\nrun: !!js/function "function () { globalThis.executed = true }"\n---\n')
    expect(globalThis).not.toHaveProperty('executed')
  })

  test.each(['\n---\na: 1\n---\n', 'text\n---\na: 1\n---\n', '---\na: 1\n', '----\na: 1\n----\n', '--- a: 1\n---\n'])(
    'is not seen in %j',
    async (text) => {
      expect(await read(text)).toEqual({ pageContent: text, metadata: {} })
    },
  )
})

describe('the title', () => {
  test.each([
    ['# Plain', 'Plain'],
    ['text\n\n#  Closed  ##\n', 'Closed'],
    ['# C#\n', 'C#'],
    ['## Second\n# First\n', 'First'],
    ['```\n# code\n```\n# Real\n', 'Real'],
    ['~~~~\n```\n# code\n~~~\n~~~~\n# Real\n', 'Real'],
    ['Underlined\n===\n', 'Underlined'],
    ['# [A `link`](https://example.org) and *more* {#id}\n', 'A link and more'],
  ])('of %j is %j', async (text, title) => {
    expect((await read(text)).metadata).toEqual({ title })
  })

  test.each(['', ' \n', 'text', '#hashtag', '## Second', '    # code', '```\n# open fence', '#', '===', '- item\n==='])(
    'of %j is not known',
    async (text) => {
      expect(await read(text)).toEqual({ pageContent: text, metadata: {} })
    },
  )

  test('is found in time linear in the text', async () => {
    for (const piece of ['# ', '#', '[', '`', ' ', '=', '\n']) {
      await expect(read(`# ${piece.repeat(1_000_000)}x`)).resolves.toBeDefined()
    }
  })
})

test('any text without front matter comes as it stands', async () => {
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !/^---|[\0\r\uFEFF]/.test(value))
  await fc.assert(
    fc.asyncProperty(text, async (value) => {
      expect((await read(value)).pageContent).toBe(value)
    }),
  )
})
