import type { JsonValue } from '@quern/core'
import { errorMessage } from '@quern/core'
import { decodeText, normalizeText } from './decode-text.ts'
import { documentMetadata } from './document-metadata.ts'
import { firstHeading } from './markdown/first-heading.ts'
import { corruptFile } from './reader-errors.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

type JsonObject = { readonly [key: string]: JsonValue | undefined }

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : []
}

/** Text that the format keeps as one string or as a list of lines. */
function joinedText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  return asList(value)
    .filter((line) => typeof line === 'string')
    .join('')
}

/** A fence that no line of the code closes. */
function fenced(code: string, language: string): string {
  let longest = 2
  for (const [, marks = ''] of code.matchAll(/^[ \t]*(`{3,})/gm)) longest = Math.max(longest, marks.length)
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${code}\n${fence}`
}

function renderCell(value: JsonValue, language: string): string {
  const cell = asObject(value)
  const source = joinedText(cell['source'] ?? cell['input']).trim()
  if (source === '') return ''
  return cell['cell_type'] === 'code' ? fenced(source, language) : source
}

function parseNotebook(text: string, sourceId: string): JsonObject {
  try {
    return asObject(JSON.parse(text) as JsonValue)
  } catch (error) {
    throw corruptFile(sourceId, `it is no JSON (${errorMessage(error)})`, error)
  }
}

/** Cells of format 4, or of all worksheets of format 3. Undefined for JSON that is no notebook. */
function cellsOf(notebook: JsonObject): readonly JsonValue[] | undefined {
  if (Array.isArray(notebook['cells'])) return asList(notebook['cells'])
  if (!Array.isArray(notebook['worksheets'])) return undefined
  return asList(notebook['worksheets']).flatMap((sheet) => asList(asObject(sheet)['cells']))
}

async function readNotebook({ bytes, sourceId, signal }: ReadRequest): Promise<ReadResult> {
  signal?.throwIfAborted()
  const { text, ...encoding } = await decodeText(bytes, { sourceId })
  if (text.trim() === '') return { pageContent: '', metadata: {} }
  const notebook = parseNotebook(text, sourceId)
  const cells = cellsOf(notebook)
  if (cells === undefined) throw corruptFile(sourceId, 'it is no notebook: it has no cells')
  const { language_info: info, kernelspec, title, authors } = asObject(notebook['metadata'])
  const language = asObject(info)['name'] ?? asObject(kernelspec)['language']
  const rendered = cells.map((cell) => renderCell(cell, typeof language === 'string' ? language : ''))
  const pageContent = normalizeText(rendered.filter((cell) => cell !== '').join('\n\n'))
  return {
    pageContent,
    metadata: {
      ...documentMetadata({ title: title ?? firstHeading(pageContent), authors }),
      ...(typeof language === 'string' ? { codeLanguage: language } : {}),
      ...encoding,
    },
  }
}

/** Reads Jupyter notebooks: Markdown cells as they stand, code cells in fences. Outputs are left out. */
export const notebookReader: Reader = {
  name: 'notebook',
  version: 2,
  mediaType: 'application/x-ipynb+json',
  extensions: ['.ipynb'],
  read: readNotebook,
}
