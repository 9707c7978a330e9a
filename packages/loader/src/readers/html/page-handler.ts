import * as writing from './block-writer.ts'
import type { BlockWriter } from './block-writer.ts'
import { codeLanguage, headingLevel, isBlock, isLeftOut } from './element-kinds.ts'
import type { Attributes, Furniture } from './element-kinds.ts'
import { enterRegion, leaveRegion } from './main-regions.ts'
import type { MainRegions } from './main-regions.ts'
import { readPageMetadata, setTitle } from './page-metadata.ts'
import type { PageMetadata } from './page-metadata.ts'

/** A page that is being read. Every opened element is closed again, in reverse order. */
export interface Page {
  readonly furniture: Furniture
  readonly writer: BlockWriter
  readonly regions: MainRegions
  readonly metadata: PageMetadata
  depth: number
  /** Depth of the element that is left out, 0 outside. */
  leftOut: number
  /** Whether that element is a form, and how many characters were left out of forms. */
  inForm: boolean
  formCharacters: number
  inTitle: boolean
  title: string
  /** Number of open `<pre>` elements, their text and language. */
  code: number
  codeText: string
  language: string
}

/** A page of which nothing has been read. */
export function createPage(furniture: Furniture): Page {
  return {
    furniture,
    writer: writing.createBlockWriter(),
    regions: { closed: [], open: undefined },
    metadata: {},
    depth: 0,
    leftOut: 0,
    inForm: false,
    formCharacters: 0,
    inTitle: false,
    title: '',
    code: 0,
    codeText: '',
    language: '',
  }
}

function isInlineCode(name: string): boolean {
  return name === 'code' || name === 'kbd' || name === 'samp' || name === 'tt'
}

function breakCodeLine(page: Page): void {
  if (page.codeText !== '' && !page.codeText.endsWith('\n')) page.codeText += '\n'
}

function openInCode(page: Page, name: string, attributes: Attributes): void {
  if (name === 'pre') page.code++
  else if (name === 'br') page.codeText += '\n'
  else if (isBlock(name)) breakCodeLine(page)
  if (page.language === '') page.language = codeLanguage(attributes)
}

function listStart(attributes: Attributes): number {
  const start = Number.parseInt(attributes['start'] ?? '', 10)
  return Number.isSafeInteger(start) ? start : 1
}

function openText(page: Page, name: string, attributes: Attributes): void {
  const { writer } = page
  const level = headingLevel(name)
  if (level > 0) writing.openHeading(writer, level)
  else if (name === 'pre') {
    writing.openCode(writer)
    page.code = 1
    page.language = codeLanguage(attributes) || page.language
  } else if (name === 'br') writer.buffer += '\n'
  else if (name === 'ul' || name === 'menu') writing.openList(writer, undefined)
  else if (name === 'ol') writing.openList(writer, listStart(attributes))
  else if (name === 'li') writing.openItem(writer)
  else if (name === 'table') writing.openTable(writer)
  else if (name === 'tr') writing.openRow(writer)
  else if (name === 'td' || name === 'th') writing.openCell(writer)
  else if (name === 'img' && attributes['alt']) writer.buffer += ` ${collapse(attributes['alt'])} `
  else if (isInlineCode(name)) writer.buffer += '`'
  else if (isBlock(name)) {
    writing.openBlock(writer)
    // Highlighters put the language on an element around <pre>; other blocks use `lang-…` for natural languages.
    if (attributes['class']?.includes('highlight') === true) page.language = codeLanguage(attributes) || page.language
  }
}

/** Handles the begin of an element. */
export function openElement(page: Page, name: string, attributes: Attributes): void {
  page.depth++
  if (page.leftOut > 0) return
  readPageMetadata(page.metadata, name, attributes)
  if (name === 'title') {
    page.inTitle = true
  } else if (isLeftOut(name, attributes, page.furniture)) {
    if (name === 'math' && attributes['alttext']) page.writer.buffer += ` ${collapse(attributes['alttext'])} `
    page.leftOut = page.depth
    page.inForm = name === 'form'
  } else if (page.code > 0) {
    openInCode(page, name, attributes)
  } else {
    openText(page, name, attributes)
    enterRegion(page.regions, name, attributes, { depth: page.depth, start: page.writer.blocks.length })
  }
}

function collapse(text: string): string {
  return text.replaceAll(/[ \t\r\n\f\u00A0]+/g, ' ').replaceAll('\u00AD', '')
}

/** Handles a piece of text. */
export function addText(page: Page, text: string): void {
  if (page.leftOut > 0) {
    if (page.inForm) page.formCharacters += text.trim().length
  } else if (page.inTitle) page.title += text
  else if (page.code > 0) page.codeText += text.replaceAll('\u00A0', ' ')
  else page.writer.buffer += collapse(text)
}

function closeCode(page: Page): void {
  page.code--
  if (page.code > 0) return
  writing.writeCode(page.writer, page.codeText, page.language)
  page.codeText = ''
  page.language = ''
}

function closeText(page: Page, name: string): void {
  const { writer } = page
  if (headingLevel(name) > 0) {
    writing.flush(writer)
    writer.heading = 0
  } else if (name === 'ul' || name === 'ol' || name === 'menu') {
    writing.flush(writer)
    writer.lists.pop()
  } else if (name === 'tr') writing.closeRow(writer)
  else if (name === 'table') {
    writing.flush(writer)
    writer.tables.pop()
  } else if (isInlineCode(name)) writer.buffer += '`'
  else if (isBlock(name)) {
    writing.flush(writer)
    if (name === 'li') writer.itemPrefix = ''
  }
}

/** Handles the end of an element. */
export function closeElement(page: Page, name: string): void {
  const depth = page.depth--
  if (page.leftOut > 0) {
    if (page.leftOut === depth) page.leftOut = 0
  } else if (name === 'title') {
    page.inTitle = false
    setTitle(page.metadata, page.title)
    page.title = ''
  } else if (page.code > 0) {
    if (name === 'pre') closeCode(page)
    else if (isBlock(name)) breakCodeLine(page)
  } else closeText(page, name)
  if (page.regions.open?.depth === depth) {
    writing.flush(page.writer)
    leaveRegion(page.regions, depth, page.writer.blocks.length)
  }
}
