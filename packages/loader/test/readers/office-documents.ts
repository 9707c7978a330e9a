import { makeZip } from './make-zip.ts'

const core =
  '<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:title>On Mills</dc:title><dc:creator>Ada</dc:creator><dcterms:created>2026-11-23T08:00:00Z</dcterms:created><dc:language>en</dc:language></cp:coreProperties>'

function relationships(...entries: readonly (readonly [id: string, type: string, target: string])[]): string {
  const lines = entries.map(
    ([id, type, target]) => `<Relationship Id="${id}" Type="http://x/${type}" Target="${target}"/>`,
  )
  return `<Relationships xmlns="r">${lines.join('')}</Relationships>`
}

/** A Word document with this body. */
export function makeDocx(body: string, parts: Readonly<Record<string, string>> = {}): Uint8Array {
  const styles =
    '<w:styles xmlns:w="w"><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="Own"><w:name w:val="Own"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style></w:styles>'
  return makeZip({
    'word/document.xml': `<?xml version="1.0"?><w:document xmlns:w="w" xmlns:mc="mc" xmlns:a="a"><w:body>${body}</w:body></w:document>`,
    'word/styles.xml': styles,
    'docProps/core.xml': core,
    ...parts,
  })
}

/** A presentation of slides with these shapes, in reverse order of their file names; notes by the position of their slide. */
export function makePptx(
  slides: readonly string[],
  notes: Readonly<Record<number, string>> = {},
  others: Readonly<Record<string, string>> = {},
): Uint8Array {
  const names = slides.map((_slide, index) => `slide${slides.length - index}.xml`)
  const ids = names.map((_name, index) => `<p:sldId id="${256 + index}" r:id="rId${index}"/>`)
  const parts: Record<string, string> = {
    'docProps/core.xml': core,
    'ppt/presentation.xml': `<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>${ids.join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relationships(
      ...names.map((name, index) => [`rId${index}`, 'slide', `slides/${name}`] as const),
    ),
  }
  for (const [index, name] of names.entries()) {
    parts[`ppt/slides/${name}`] = `<p:sld xmlns:p="p" xmlns:a="a">${slides[index]}</p:sld>`
    const note = notes[index]
    if (note === undefined) continue
    parts[`ppt/slides/_rels/${name}.rels`] = relationships(['n', 'notesSlide', `../notesSlides/${name}`])
    parts[`ppt/notesSlides/${name}`] = `<p:notes xmlns:p="p" xmlns:a="a">${note}</p:notes>`
  }
  return makeZip({ ...parts, ...others })
}

/** A workbook of one sheet for each entry, with these rows. */
export function makeXlsx(
  sheets: Readonly<Record<string, string>>,
  options: { readonly strings?: string; readonly properties?: string; readonly format?: string } = {},
): Uint8Array {
  const names = Object.keys(sheets)
  const entries = names.map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index}"/>`)
  const parts: Record<string, string> = {
    'xl/workbook.xml': `<workbook xmlns="m" xmlns:r="r">${options.properties ?? ''}<sheets>${entries.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(
      ...names.map((_name, index) => [`rId${index}`, 'worksheet', `worksheets/s${index}.xml`] as const),
    ),
    'xl/sharedStrings.xml': `<sst xmlns="m">${options.strings ?? ''}</sst>`,
    'xl/styles.xml': `<styleSheet xmlns="m"><numFmts><numFmt numFmtId="0" formatCode="${options.format ?? 'General'}"/><numFmt numFmtId="164" formatCode="&quot;d&quot;0.00"/><numFmt numFmtId="165" formatCode="dd\\.mm\\.yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>`,
  }
  for (const [index, rows] of Object.values(sheets).entries()) {
    parts[`xl/worksheets/s${index}.xml`] = `<worksheet xmlns="m"><sheetData>${rows}</sheetData></worksheet>`
  }
  return makeZip(parts)
}

/** An OpenDocument file with this body. */
export function makeOdf(body: string, parts: Readonly<Record<string, string>> = {}): Uint8Array {
  const names = ['office', 'text', 'table', 'draw', 'presentation'].map((name) => `xmlns:${name}="${name}"`).join(' ')
  return makeZip({
    'content.xml': `<office:document-content ${names}><office:body>${body}</office:body></office:document-content>`,
    'meta.xml':
      '<office:document-meta xmlns:office="o" xmlns:dc="d" xmlns:meta="m"><office:meta><dc:title>On Mills</dc:title><meta:initial-creator>Ada</meta:initial-creator></office:meta></office:document-meta>',
    ...parts,
  })
}

/** A book of these chapters, in this order. */
export function makeEpub(chapters: readonly string[], parts: Readonly<Record<string, string>> = {}): Uint8Array {
  const items = chapters.map(
    (_chapter, index) => `<item id="c${index}" href="text/ch%20${index}.xhtml" media-type="application/xhtml+xml"/>`,
  )
  const order = chapters.map((_chapter, index) => `<itemref idref="c${index}"/>`)
  const files: Record<string, string> = {
    'META-INF/container.xml':
      '<container xmlns="c"><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>',
    'OPS/book.opf': `<!DOCTYPE package><package xmlns="o" xmlns:dc="d"><metadata><dc:title>On Mills</dc:title><dc:creator>Ada</dc:creator></metadata><manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>${items.join('')}</manifest><spine><itemref idref="nav"/>${order.join('')}</spine></package>`,
    'OPS/nav.xhtml': '<html><body><p>Contents</p></body></html>',
    ...parts,
  }
  for (const [index, chapter] of chapters.entries())
    files[`OPS/text/ch ${index}.xhtml`] = `<html><body>${chapter}</body></html>`
  return makeZip(files)
}
