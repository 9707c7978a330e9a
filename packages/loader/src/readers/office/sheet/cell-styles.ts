import { attribute, parseXml } from '../parse-xml.ts'
import type { ZipArchive } from '../zip-archive.ts'

/** Number formats that every workbook knows and that show a date or a time (ECMA-376 part 1, 18.8.30). */
const builtInDates: ReadonlySet<number> = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47])

/** The longest format code that spreadsheet programs take; the bound also keeps the pattern below cheap. */
const longestCode = 255

/** Whether a format code shows a date or a time: it has one of their letters outside quotes, brackets and escapes. */
function showsDate(code: string): boolean {
  if (code.length > longestCode) return false
  return (
    /[dmyhs]/i.test(code.replaceAll(/"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*./gi, '')) && !/general/i.test(code)
  )
}

/** The indexes of the cell styles that show a date or a time. */
export async function readDateStyles(archive: ZipArchive, part: string | undefined): Promise<ReadonlySet<number>> {
  const dates = new Set<number>()
  if (part === undefined) return dates
  const custom = new Set<number>()
  let inCellFormats = false
  let index = 0
  await parseXml(archive.read(part), {
    open(name, attributes) {
      const id = Number(attribute(attributes, 'numFmtId'))
      if (name === 'numFmt' && showsDate(attribute(attributes, 'formatCode') ?? '')) custom.add(id)
      else if (name === 'cellXfs') inCellFormats = true
      else if (name === 'xf' && inCellFormats) {
        if (builtInDates.has(id) || custom.has(id)) dates.add(index)
        index++
      }
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false
    },
  })
  return dates
}
