import { fileURLToPath } from 'node:url'

/** Absolute path of a small real corpus: Markdown, HTML, text and PDF. Sources and licences: corpus-licences.md. */
export const corpusFolder = fileURLToPath(new URL('../corpus', import.meta.url))

/** Absolute path of small documents that office programs wrote: docx, pptx, xlsx, odt, ods, odp. Sources and licences: office-licences.md. */
export const officeFolder = fileURLToPath(new URL('../office', import.meta.url))

/**
 * Absolute path of a small file of each further format: mdx, csv, tsv, json, jsonl, ipynb, rst, org, tex, eml, srt, vtt, epub, source code.
 * Sources and licences: formats-licences.md.
 */
export const formatsFolder = fileURLToPath(new URL('../formats', import.meta.url))

/**
 * Absolute path of a set for retrieval in BEIR's format: passages of the corpus, questions about them, and which passage answers which (2: answers it,
 * 1: helps). Made for this repository: retrieval-questions.md.
 */
export const retrievalFolder = fileURLToPath(new URL('../retrieval', import.meta.url))
