import { checkLength } from '../office-document.ts'
import { parseXml } from '../parse-xml.ts'
import type { ZipArchive } from '../zip-archive.ts'
import { unescapeText } from './unescape-text.ts'

/** The strings that cells refer to by their position. Phonetic readings are left out. */
export async function readSharedStrings(archive: ZipArchive, part: string | undefined): Promise<readonly string[]> {
  const strings: string[] = []
  if (part === undefined) return strings
  let text = ''
  let inText = false
  let phonetic = false
  let length = 0
  await parseXml(archive.read(part), {
    open(name) {
      if (name === 'si') text = ''
      else if (name === 't') inText = true
      else if (name === 'rPh') phonetic = true
    },
    text(piece) {
      if (!inText || phonetic) return
      text += piece
      length += piece.length
      checkLength(length)
    },
    close(name) {
      if (name === 't') inText = false
      else if (name === 'rPh') phonetic = false
      else if (name === 'si') strings.push(unescapeText(text))
    },
  })
  return strings
}
