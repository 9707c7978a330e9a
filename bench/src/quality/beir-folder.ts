import { createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RelevanceGrades } from './retrieval-metrics.ts'

/** A question with the documents that answer it. */
export interface JudgedQuery {
  readonly id: string
  readonly text: string
  readonly grades: RelevanceGrades
}

function readLines(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })
}

/** The judgements: lines of query id, document id and grade, with tabs between, after a line of headings. */
async function readGrades(path: string): Promise<Map<string, Map<string, number>>> {
  const grades = new Map<string, Map<string, number>>()
  let isHead = true
  for await (const line of readLines(path)) {
    const [query = '', document = '', grade] = line.split('\t')
    if (!isHead && line !== '') {
      const ofQuery = grades.get(query) ?? new Map<string, number>()
      grades.set(query, ofQuery.set(document, Number(grade)))
    }
    isHead = false
  }
  return grades
}

/**
 * The queries of a folder in BEIR's format that have at least one relevant document: `queries.jsonl` with `_id` and `text`, and
 * `qrels/<split>.tsv`. The documents, `corpus.jsonl` with `_id`, `title` and `text`, are for the loader.
 */
export async function readJudgedQueries(folder: string, split: string): Promise<JudgedQuery[]> {
  const judgements = join(folder, 'qrels', `${split}.tsv`)
  for (const path of [judgements, join(folder, 'queries.jsonl'), join(folder, 'corpus.jsonl')]) {
    await access(path).catch((cause: unknown) => {
      throw new Error(`${path} is missing: ${folder} is not a folder in BEIR's format with a split named ${split}`, {
        cause,
      })
    })
  }
  const grades = await readGrades(judgements)
  const queries: JudgedQuery[] = []
  for await (const line of readLines(join(folder, 'queries.jsonl'))) {
    if (line === '') continue
    const { _id: id, text } = JSON.parse(line) as { _id: string; text: string }
    const ofQuery = grades.get(id)
    if (ofQuery !== undefined && [...ofQuery.values()].some((grade) => grade > 0))
      queries.push({ id, text, grades: ofQuery })
  }
  return queries
}
