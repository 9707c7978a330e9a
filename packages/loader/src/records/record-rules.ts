import { QuernError } from '@quern/core'
import { compileGlob } from '../path-filter.ts'
import { defaultRecordRule } from './record-rule.ts'
import type { RecordRule } from './record-rule.ts'

/** The rule for the records of a file, by its path relative to the root. */
export type FindRecordRule = (path: string) => RecordRule | undefined

function checkColumns({ files, id, text, title, metadata }: RecordRule): void {
  const columns = [id, ...(text ?? []), title, ...(metadata ?? [])]
  const isEmpty = columns.some((column) => column?.trim() === '')
  if (files.length > 0 && !isEmpty && text?.length !== 0) return
  throw new QuernError(
    'OPTION_INVALID',
    `records has a rule ${isEmpty ? 'with an empty name of a column' : 'without files or text'}`,
    {
      hint: 'A rule needs "files", a list of globs; "text" names at least one column, or is left out.',
    },
  )
}

/** Compiles the rules; the first that fits counts, JSON Lines without one have the default. Throws `OPTION_INVALID`. */
export function createRecordRules(rules: readonly RecordRule[]): FindRecordRule {
  const compiled = [...rules, defaultRecordRule].map((rule) => {
    checkColumns(rule)
    return { rule, globs: rule.files.map((pattern) => compileGlob('records', pattern)) }
  })
  return (path) => compiled.find(({ globs }) => globs.some(({ matches }) => matches(path)))?.rule
}
