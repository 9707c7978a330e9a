import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { decodeText } from '../../src/readers/decode-text.ts'

const sourceId = 'docs/file.txt'

function decode(bytes: Uint8Array, declaredEncoding?: string) {
  return decodeText(bytes, { sourceId, declaredEncoding })
}

function utf16(text: string, order: 'le' | 'be', mark = ''): Uint8Array {
  const bytes = Buffer.from(mark + text, 'utf16le')
  return order === 'le' ? bytes : bytes.swap16()
}

function isPlain(text: string): boolean {
  const units = Array.from({ length: text.length }, (_value, index) => text.charCodeAt(index))
  return units.every((unit) => unit >= 32 || unit === 9 || unit === 10) && !text.startsWith('\uFEFF')
}

const russian =
  'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему. Всё смешалось в доме ' +
  'Облонских. Жена узнала, что муж был в связи с бывшею в их доме француженкою-гувернанткой, и объявила мужу, что не может.'

/** Well-formed text of any script, without control characters but tab and line feed. */
const plainText = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.string({ unit: 'grapheme' }) },
      fc.constantFrom('\n', '\t', 'word ', '😀', '日本'),
    ),
  )
  .map((parts) => parts.join('').replaceAll('\r', '\n'))
  .filter((text) => isPlain(text) && text.isWellFormed())

describe('text comes back from', () => {
  test('UTF-8, with and without a byte order mark', async () => {
    await fc.assert(
      fc.asyncProperty(plainText, fc.constantFrom('', '\uFEFF'), async (text, mark) => {
        expect(await decode(Buffer.from(mark + text))).toEqual({ text })
      }),
    )
  })

  test('UTF-16 with a byte order mark, in either order', async () => {
    await fc.assert(
      fc.asyncProperty(plainText, fc.constantFrom('le' as const, 'be' as const), async (text, order) => {
        // U+FFFD is what a wrong decoding leaves, and is told as such.
        fc.pre(!text.includes('\uFFFD'))
        expect(await decode(utf16(text, order, '\uFEFF'))).toEqual({ text, encoding: `utf-16${order}` })
      }),
    )
  })

  test('UTF-16 without a byte order mark where it has Latin letters, and the guess is told', async () => {
    const latin = fc
      .array(fc.constantFrom('word', ' ', '\n', 'é', '“', '日'), { minLength: 1 })
      .map((parts) => `Text: ${parts.join('')}`)
    await fc.assert(
      fc.asyncProperty(latin, fc.constantFrom('le' as const, 'be' as const), async (text, order) => {
        expect(await decode(utf16(text, order))).toEqual({ text, encoding: `utf-16${order}`, encodingGuessed: true })
      }),
    )
  })

  test('UTF-32 with a byte order mark', async () => {
    expect(await decode(iconv.encode('\uFEFFTwo words 😀', 'utf-32le'))).toEqual({
      text: 'Two words 😀',
      encoding: 'utf-32le',
    })
    expect(await decode(iconv.encode('\uFEFFTwo words 😀', 'utf-32be'))).toEqual({
      text: 'Two words 😀',
      encoding: 'utf-32be',
    })
  })

  test.each([
    ['windows-1252', 'He said “naïve café” – and “déjà vu” – at the façade of the hôtel, très élégant. '],
    ['windows-1251', russian],
    ['koi8-r', russian],
    ['shift_jis', '日本語のテキストです。これは文字コードの判定のための文章です。'],
    ['euc-jp', '日本語のテキストです。これは文字コードの判定のための文章です。'],
    ['gb18030', '这是一个用来检测编码的中文文本。它有足够的字符。'],
  ])('%s, and the guess is told', async (encoding, text) => {
    expect(await decode(iconv.encode(text, encoding))).toEqual({ text, encoding, encodingGuessed: true })
  })

  test('an encoding of another script, though most of the file is markup in ASCII', async () => {
    const items = russian
      .split(' ')
      .map((word) => `<item><link>http://example.org/news/index.html</link><title>${word}</title></item>\n`)
    const text = items.join('')
    expect(await decode(iconv.encode(text, 'koi8-r'))).toEqual({ text, encoding: 'koi8-r', encodingGuessed: true })
  })

  test('ISO-2022-JP, though it is pure ASCII', async () => {
    const bytes = Buffer.concat([Buffer.from('Title: '), Buffer.from('\u001B$BF|K\\8l\u001B(B', 'latin1')])
    expect(await decode(bytes)).toEqual({ text: 'Title: 日本語', encoding: 'iso-2022-jp', encodingGuessed: true })
  })
})

describe('decoded text', () => {
  test('has line feeds for all line ends', async () => {
    expect(await decode(Buffer.from('a\r\nb\rc\nd\r\r\ne'))).toEqual({ text: 'a\nb\nc\nd\n\ne' })
  })

  test('is empty for an empty file', async () => {
    expect(await decode(new Uint8Array())).toEqual({ text: '' })
  })

  test('has no lone surrogate', async () => {
    const { text } = await decode(
      utf16('many words and one half: \uD83D, and more words after it to the end', 'le', '\uFEFF'),
    )
    expect(text.isWellFormed()).toBe(true)
  })

  test('has no NUL, which is dropped beyond the first 64 KB', async () => {
    const { text } = await decode(Buffer.from(`${'line\n'.repeat(20_000)}a\0b`))
    expect(text.endsWith('line\nab')).toBe(true)
  })

  test('keeps colours of terminals and form feeds', async () => {
    expect(await decode(Buffer.from('\u001B[31mred\u001B[0m\f'))).toEqual({ text: '\u001B[31mred\u001B[0m\f' })
  })

  test('is well formed whatever the bytes, or there is an error with a code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const outcome = await decode(bytes).then(
          ({ text }) => text.isWellFormed() && !text.includes('\0') && !text.includes('\r'),
          (error: { code?: string }) => error.code,
        )
        expect([true, 'BINARY', 'ENCODING_UNKNOWN']).toContain(outcome)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a declared encoding', () => {
  const bytes = iconv.encode('Größe', 'windows-1252')

  test('is used, by any of its names', async () => {
    expect(await decode(bytes, 'ISO-8859-1')).toEqual({ text: 'Größe', encoding: 'windows-1252' })
    expect(await decode(iconv.encode('日本', 'shift_jis'), 'x-sjis')).toEqual({ text: '日本', encoding: 'shift_jis' })
  })

  test.each(['utf-8', 'utf-16', 'no-such-set', 'base64', 'hex', ''])(
    '%j is ignored where it cannot be',
    async (declared) => {
      expect(await decode(Buffer.from('Größe'), declared)).toEqual({ text: 'Größe' })
    },
  )

  test('yields to a byte order mark', async () => {
    expect(await decode(Buffer.from('\uFEFFGröße'), 'windows-1252')).toEqual({ text: 'Größe' })
  })
})

describe('what is no text is refused', () => {
  test.each([
    ['a PDF', Buffer.from('%PDF-1.7\nplain so far')],
    ['a ZIP archive', Buffer.from('PK\u0003\u0004 and so on')],
    ['a PNG image', Buffer.from('\u0089PNG\r\n\u001A\n', 'latin1')],
    ['zero bytes', Buffer.from('some text\0\0\0 and more text')],
    ['many control characters', Buffer.from(`\u0001\u0002\u0003\u00ff${'abc\u0005\u00e9'.repeat(50)}`, 'latin1')],
    [
      'a wrong byte order mark',
      Buffer.from([0xff, 0xfe, ...Array.from({ length: 500 }, (_value, index) => (index % 2 === 0 ? index % 31 : 0))]),
    ],
  ])('%s', async (_what, bytes) => {
    await expect(decode(bytes)).rejects.toMatchObject({ code: 'BINARY', message: expect.stringContaining(sourceId) })
  })
})
