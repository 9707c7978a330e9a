import { readFile, writeFile } from 'node:fs/promises'
import type { SourceChunks } from '@quern/core'
import { space } from '../corpus/generated-corpus.ts'

/** A chunk as tutorials keep it. */
export interface NaiveRecord {
  readonly id: string
  readonly content: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly embedding: readonly number[]
}

interface NaiveFile {
  readonly embeddings: NaiveRecord[]
}

/** The chunks of a source as tutorials keep them: the vector an array of numbers. */
export function toNaiveRecords({ chunks }: SourceChunks): NaiveRecord[] {
  return chunks.map(({ id, pageContent, metadata, textHash, createdAt, vector }) => ({
    id,
    content: pageContent,
    metadata: { ...metadata, textHash, createdAt },
    embedding: [...vector],
  }))
}

/** Writes the one file in the form that people know, in one `JSON.stringify`; `indent` is 2 there, and 0 makes it smaller. */
export async function writeNaiveFile(file: string, embeddings: readonly NaiveRecord[], indent = 2): Promise<void> {
  const { model, dimensions } = space
  const content = { version: '1.0', model, dimensions, count: embeddings.length, created: '2026-11-23', embeddings }
  await writeFile(file, JSON.stringify(content, null, indent))
}

/** Reads the file whole. */
export async function readNaiveFile(file: string): Promise<NaiveRecord[]> {
  return (JSON.parse(await readFile(file, 'utf8')) as NaiveFile).embeddings
}

function cosine(a: readonly number[], b: readonly number[]): number {
  let product = 0
  let squaresOfA = 0
  let squaresOfB = 0
  for (let i = 0; i < a.length; i++) {
    const x = a[i] as number
    const y = b[i] as number
    product += x * y
    squaresOfA += x * x
    squaresOfB += y * y
  }
  return product / (Math.sqrt(squaresOfA) * Math.sqrt(squaresOfB))
}

function best(records: readonly NaiveRecord[], limit: number, score: (record: NaiveRecord) => number): string[] {
  return records
    .map((record) => ({ id: record.id, score: score(record) }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ id }) => id)
}

/** Ids of the best hits for a vector: a loop over all, and a sort. */
export function searchNaively(records: readonly NaiveRecord[], query: readonly number[], limit: number): string[] {
  return best(records, limit, ({ embedding }) => cosine(embedding, query))
}

/** Ids of the hits with most of the words: a loop over all texts, and a sort. */
export function searchWordsNaively(records: readonly NaiveRecord[], text: string, limit: number): string[] {
  const words = text.toLowerCase().split(' ')
  return best(records, limit, ({ content }) => {
    const lower = content.toLowerCase()
    return words.filter((word) => lower.includes(word)).length
  })
}
