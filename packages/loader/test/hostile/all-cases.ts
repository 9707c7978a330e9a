import { archiveCases } from './archive-cases.ts'
import type { HostileCase } from './hostile-case.ts'
import { mailCases } from './mail-cases.ts'
import { pdfCases } from './pdf-cases.ts'
import { sheetCases } from './sheet-cases.ts'
import { textCases } from './text-cases.ts'
import { webCases } from './web-cases.ts'

/** Every hostile file that is read as a whole. Records and paths are tested beside this. */
export const hostileCases: readonly HostileCase[] = [
  ...pdfCases,
  ...archiveCases,
  ...sheetCases,
  ...webCases,
  ...mailCases,
  ...textCases,
]
