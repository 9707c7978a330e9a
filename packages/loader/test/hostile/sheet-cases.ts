import { makeOdf, makePptx, makeXlsx } from '../readers/office-documents.ts'
import type { HostileCase } from './hostile-case.ts'

function odsTable(rows: string): Uint8Array {
  return makeOdf(`<office:spreadsheet><table:table table:name="S">${rows}</table:table></office:spreadsheet>`)
}

function repeatedCell(text: string): string {
  return `<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384"><text:p>${text}</text:p></table:table-cell></table:table-row>`
}

/** Workbooks, spreadsheets and presentations. */
export const sheetCases: readonly HostileCase[] = [
  {
    what: 'a sheet whose last cell is the last there can be',
    file: 'a.xlsx',
    bytes: () =>
      makeXlsx({
        S: '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
      }),
    outcome: 'read',
    says: '# S\n\n| 1 |',
  },
  {
    what: 'a row of 200,000 columns',
    file: 'a.xlsx',
    bytes: () => makeXlsx({ S: `<row>${'<c><v>1</v></c>'.repeat(200_000)}</row>` }),
    outcome: 'read',
  },
  {
    what: 'one wide row above 100,000 short ones',
    file: 'a.xlsx',
    bytes: () =>
      makeXlsx({ S: `<row>${'<c><v>1</v></c>'.repeat(16_384)}</row>${'<row><c><v>1</v></c></row>'.repeat(100_000)}` }),
    outcome: 'read',
  },
  {
    what: 'a million rows with a cell far to the right',
    file: 'a.xlsx',
    bytes: () => makeXlsx({ S: '<row><c r="IV1"><v>1</v></c></row>'.repeat(600_000) }),
    outcome: 'TIMEOUT',
  },
  {
    what: 'a long text that 100,000 cells refer to',
    file: 'a.xlsx',
    bytes: () =>
      makeXlsx(
        { S: `<row>${'<c t="s"><v>0</v></c>'.repeat(100_000)}</row>` },
        { strings: `<si><t>${'x'.repeat(1_000_000)}</t></si>` },
      ),
    outcome: 'RESOURCE_LIMIT',
  },
  {
    what: 'three million shared texts',
    file: 'a.xlsx',
    bytes: () => makeXlsx({ S: '<row><c><v>1</v></c></row>' }, { strings: '<si><t>a</t></si>'.repeat(3_000_000) }),
    outcome: 'TIMEOUT',
  },
  {
    what: 'references to texts that are not there, and cells of no column',
    file: 'a.xlsx',
    bytes: () =>
      makeXlsx({ S: '<row><c r="ZZZZ9" t="s"><v>-1</v></c><c t="s"><v>x</v></c><c r="?"><v>1e999</v></c></row>' }),
    outcome: 'read',
    says: '1e999',
  },
  {
    what: 'number formats of a million brackets',
    file: 'a.xlsx',
    bytes: () => makeXlsx({ S: '<row><c s="0"><v>46349</v></c></row>' }, { format: '['.repeat(1_000_000) }),
    outcome: 'read',
    says: '46349',
  },
  {
    what: 'a cell repeated over a whole sheet',
    file: 'a.ods',
    bytes: () => odsTable(repeatedCell('x')),
    outcome: 'read',
    says: '| x | x |',
  },
  {
    what: 'a long cell repeated over a whole sheet',
    file: 'a.ods',
    bytes: () => odsTable(repeatedCell('x'.repeat(1_000_000))),
    outcome: 'RESOURCE_LIMIT',
  },
  {
    what: '20,000 rows repeated over a whole sheet each',
    file: 'a.ods',
    bytes: () => odsTable(repeatedCell('x').repeat(20_000)),
    outcome: 'RESOURCE_LIMIT',
  },
  {
    what: 'a show of one slide 20,000 times',
    file: 'a.pptx',
    bytes: () => {
      const shape = '<p:sp><a:p><a:r><a:t>again</a:t></a:r></a:p></p:sp>'
      const ids = '<p:sldId id="256" r:id="rId0"/>'.repeat(20_000)
      const presentation = `<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>${ids}</p:sldIdLst></p:presentation>`
      return makePptx([shape], {}, { 'ppt/presentation.xml': presentation })
    },
    outcome: 'read',
    says: 'again',
  },
]
