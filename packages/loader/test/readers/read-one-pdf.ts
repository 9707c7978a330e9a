import { createPdfReader } from '../../src/readers/pdf-reader.ts'
import { makePdf } from './make-pdf.ts'

// Run as a process of its own: reads a PDF, and does not close the reader.
const bytes = makePdf({ pages: [{ lines: ['Hello.'] }] })
const { pageContent } = await createPdfReader().read({ bytes, sourceId: 'hello.pdf', timeoutMs: 20_000 })
process.stdout.write(pageContent)
