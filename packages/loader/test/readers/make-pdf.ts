import { createHash } from 'node:crypto'

interface PdfFixturePage {
  /** Lines of ASCII text, 14 points apart; an empty line leaves a gap. */
  readonly lines?: readonly string[]
  /** A content stream in place of lines. */
  readonly content?: string
}

export interface PdfFixture {
  readonly pages: readonly PdfFixturePage[]
  /** The document information dictionary, as strings. */
  readonly info?: Readonly<Record<string, string>>
  /** The number tree of `/PageLabels`, for instance `0 <</S/r>> 2 <</S/D>>`. */
  readonly labels?: string
  readonly language?: string
  /** Entries of the outline, one below the other, each leading to a page (from 0). */
  readonly outline?: readonly { readonly title: string; readonly page: number }[]
  /** Encrypts pages (RC4, 40 bits) so that this password is needed to read them; an empty one protects from changes only. */
  readonly userPassword?: string
  /** A `/ToUnicode` stream for the font. */
  readonly toUnicode?: string
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\()]/g, String.raw`\$&`)
}

function pageContent({ lines = [], content }: PdfFixturePage): string {
  if (content !== undefined) return content
  const shown = lines.map((line) => `${line === '' ? '' : `(${escapeText(line)}) Tj `}0 -14 Td`)
  return `BT /F1 12 Tf 72 720 Td ${shown.join('\n')} ET`
}

/** A stream object. */
export function pdfStream(data: string, dictionary = ''): string {
  return `<</Length ${data.length}${dictionary}>>\nstream\n${data}\nendstream`
}

/** A PDF file of these objects, the first of which is the catalog. `trailer` is added to the trailer dictionary. */
export function pdfFile(objects: readonly string[], trailer = ''): Uint8Array {
  let file = '%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n'
  const offsets: number[] = []
  for (const [index, object] of objects.entries()) {
    offsets.push(file.length)
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows}`
  const end = `trailer\n<</Size ${size}/Root 1 0 R${trailer}>>\nstartxref\n${file.length}\n%%EOF\n`
  return Buffer.from(file + table + end, 'latin1')
}

function rc4(key: Uint8Array, data: Uint8Array): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_value, index) => index)
  const swap = (one: number, other: number) => {
    const kept = state[one] ?? 0
    state[one] = state[other] ?? 0
    state[other] = kept
  }
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + (state[i] ?? 0) + (key[i % key.length] ?? 0)) & 255
    swap(i, j)
  }
  let i = 0
  let j = 0
  return Buffer.from(data).map((byte) => {
    i = (i + 1) & 255
    j = (j + (state[i] ?? 0)) & 255
    swap(i, j)
    return byte ^ (state[((state[i] ?? 0) + (state[j] ?? 0)) & 255] ?? 0)
  }) as Buffer
}

function md5(data: Uint8Array): Buffer {
  return createHash('md5').update(data).digest()
}

const passwordPadding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex')
const fileId = Buffer.alloc(16, 7)

/** How a file is encrypted. */
interface Encryption {
  /** Entries of the trailer. */
  readonly trailer: string
  /** What stands in the stream of an object. */
  stream(data: string, object: number): string
}

/** Algorithms 1 to 4 of ISO 32000-1 section 7.6, revision 2: RC4 with 40 bits. */
function encryption(password: string): Encryption {
  const padded = Buffer.concat([Buffer.from(password, 'latin1'), passwordPadding]).subarray(0, 32)
  const owner = rc4(md5(padded).subarray(0, 5), padded)
  const permissions = Buffer.from([0xfc, 0xff, 0xff, 0xff])
  const key = md5(Buffer.concat([padded, owner, permissions, fileId])).subarray(0, 5)
  const user = rc4(key, passwordPadding)
  const id = `<${fileId.toString('hex')}>`
  const hashes = `/O<${owner.toString('hex')}>/U<${user.toString('hex')}>`
  return {
    trailer: `/ID[${id}${id}]/Encrypt<</Filter/Standard/V 1/R 2/P -4${hashes}>>`,
    stream(data, object) {
      const number = Buffer.from([object & 255, object >> 8, object >> 16, 0, 0])
      const objectKey = md5(Buffer.concat([key, number])).subarray(0, 10)
      return rc4(objectKey, Buffer.from(data, 'latin1')).toString('latin1')
    },
  }
}

/** Writes a small PDF: Helvetica, one content stream a page. */
export function makePdf(fixture: PdfFixture): Uint8Array {
  const { pages, info = {}, labels, language, userPassword, toUnicode, outline = [] } = fixture
  const first = 5
  const encrypted = userPassword === undefined ? undefined : encryption(userPassword)
  const stream = (data: string, object: number): string => pdfStream(encrypted?.stream(data, object) ?? data)
  const kids = pages.map((_page, index) => `${first + index * 2} 0 R`).join(' ')
  const outlineAt = first + pages.length * 2 + (toUnicode === undefined ? 0 : 1)
  const outlineEntries = outline.map(({ title, page }, index) => {
    const next = index + 1 < outline.length ? `/Next ${outlineAt + 2 + index} 0 R` : ''
    return `<</Title(${escapeText(title)})/Parent ${outlineAt} 0 R${next}/Dest[${first + page * 2} 0 R/Fit]>>`
  })
  const outlineRoot = `<</Type/Outlines/First ${outlineAt + 1} 0 R/Last ${outlineAt + outline.length} 0 R/Count ${outline.length}>>`
  const extras = `${labels === undefined ? '' : `/PageLabels<</Nums[${labels}]>>`}${language === undefined ? '' : `/Lang(${language})`}${outline.length === 0 ? '' : `/Outlines ${outlineAt} 0 R`}`
  const entries = Object.entries(info).map(([key, value]) => `/${key}(${escapeText(value)})`)
  const unicode = toUnicode === undefined ? '' : `/ToUnicode ${first + pages.length * 2} 0 R`
  const objects = [
    `<</Type/Catalog/Pages 2 0 R${extras}>>`,
    `<</Type/Pages/Kids[${kids}]/Count ${pages.length}>>`,
    `<</Type/Font/Subtype/Type1/BaseFont/Helvetica${unicode}>>`,
    `<<${entries.join('')}>>`,
    ...pages.flatMap((page, index) => [
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents ${first + index * 2 + 1} 0 R/Resources<</Font<</F1 3 0 R>>>>>>`,
      stream(pageContent(page), first + index * 2 + 1),
    ]),
    ...(toUnicode === undefined ? [] : [pdfStream(toUnicode)]),
    ...(outline.length === 0 ? [] : [outlineRoot, ...outlineEntries]),
  ]
  return pdfFile(objects, `/Info 4 0 R${encrypted?.trailer ?? ''}`)
}
