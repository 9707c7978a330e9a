/** How the records of some files are read: each is a source of its own. */
export interface RecordRule {
  /** Globs of the files, on the path relative to the root, without regard to case. */
  readonly files: readonly string[]
  /** Column with the id of a record, unique in its file. Default: `id` or `_id` where there is one, else the content itself. */
  readonly id?: string | undefined
  /** Columns with the text, in this order. Default: the first of the usual names (`text`, `content`, `body`, …), else all columns. */
  readonly text?: readonly string[] | undefined
  /** Column with the title. Default: `title`, `name`, `headline` or `subject`. */
  readonly title?: string | undefined
  /** Columns that become metadata. Default: all others that hold no long text. */
  readonly metadata?: readonly string[] | undefined
}

/** JSON Lines are collections of records by nature. */
export const defaultRecordRule: RecordRule = { files: ['**/*.jsonl', '**/*.ndjson'] }

/** Formats of files of records, by ending. */
export type RecordFormat = 'jsonl' | 'csv' | 'tsv'

const formats: ReadonlyMap<string, RecordFormat> = new Map([
  ['.jsonl', 'jsonl'],
  ['.ndjson', 'jsonl'],
  ['.csv', 'csv'],
  ['.tsv', 'tsv'],
])

/** The format of a file of records, by the ending of its name; undefined for other files. */
export function recordFormat(fileName: string): RecordFormat | undefined {
  const dot = fileName.lastIndexOf('.')
  return dot === -1 ? undefined : formats.get(fileName.slice(dot).toLowerCase())
}
