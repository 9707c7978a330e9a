import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { composeText, topicWords } from '../corpus/compose-text.ts'
import { createRandomStream } from '../corpus/random-stream.ts'

const paragraphs = 3
const lineLength = 90

/** The commands that show a page of text. */
function pageContent(page: number): string {
  const random = createRandomStream(5, page)
  const words = topicWords(page % 100)
  const text = Array.from({ length: paragraphs }, () => composeText(random, words)).join(' ')
  const lines = text.match(new RegExp(`.{1,${lineLength}}(?: |$)`, 'g')) ?? []
  const shown = lines.map((line) => `(${line.trim().replaceAll(/[\\()]/g, '\\$&')}) Tj T*`)
  return ['BT /F1 9 Tf 11 TL 40 800 Td', `(Page ${page + 1}) Tj T*`, ...shown, 'ET'].join('\n')
}

/** Writes a PDF of so many pages of text, each about 2,700 characters, with a table of its objects as PDF 1.4 wants it. */
export async function writeLongPdf(path: string, pages: number): Promise<void> {
  const objects: string[] = []
  const kids = Array.from({ length: pages }, (_, page) => `${4 + page * 2} 0 R`).join(' ')
  objects.push('<< /Type /Catalog /Pages 2 0 R >>')
  objects.push(`<< /Type /Pages /Count ${pages} /Kids [${kids}] >>`)
  objects.push('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>')
  for (let page = 0; page < pages; page++) {
    const content = pageContent(page)
    const resources = '/Resources << /Font << /F1 3 0 R >> >>'
    objects.push(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] ${resources} /Contents ${5 + page * 2} 0 R >>`)
    objects.push(`<< /Length ${content.length} >>\nstream\n${content}\nendstream`)
  }
  let text = '%PDF-1.4\n'
  const offsets: number[] = []
  for (const [index, object] of objects.entries()) {
    offsets.push(text.length)
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  const size = objects.length + 1
  text += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text, 'latin1')
}
