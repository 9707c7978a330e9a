import { fileURLToPath } from 'node:url'

/** Absolute path of a small real corpus: Markdown, HTML, text and PDF. Sources and licences: corpus-licences.md. */
export const corpusFolder = fileURLToPath(new URL('../corpus', import.meta.url))
