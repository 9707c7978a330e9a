import { constants } from 'node:buffer'
import { QuernError } from '@quern/core'
import { createPathFilter } from './path-filter.ts'
import type { PathFilter } from './path-filter.ts'
import type { Reader } from './readers/reader.ts'
import { createRecordRules } from './records/record-rules.ts'
import type { FindRecordRule } from './records/record-rules.ts'
import type { RecordRule } from './records/record-rule.ts'

/** A folder or a single file to index. */
export interface RootOptions {
  /** Path of a folder, listed with all below it, or of one file. Relative paths start at the working directory. */
  readonly path: string
  /** First part of the ids. Default: the name of the folder (of a file's folder), links resolved. */
  readonly name?: string | undefined
  /**
   * Paths in the folder, with `/`: only what lies at or below them is listed and covered. Their ids, and the rules that hold for them, are those of the whole
   * folder. Each must be there. Default: all of it.
   */
  readonly only?: readonly string[] | undefined
}

/** What a file loader lists, and its limits. */
export interface FileLoaderOptions {
  /** At least one. None may lie inside another. */
  readonly roots: readonly RootOptions[]
  /**
   * Globs of files, on the path relative to the root, without regard to case; one with `!` in front takes back what those before it say. Default: every
   * file of a known format.
   */
  readonly include?: readonly string[] | undefined
  /** Globs of files and folders, likewise. A folder that matches is left out with all that is in it. Wins over `include`. */
  readonly exclude?: readonly string[] | undefined
  /** Honour `.gitignore` and `.indexignore` files. Default true. */
  readonly ignoreFiles?: boolean | undefined
  /** List files and enter folders whose names begin with a dot. Default false. */
  readonly hidden?: boolean | undefined
  /**
   * Links below a root: `files` lists those to files in the same root under the link's own name (default); `follow` enters those to
   * folders in it too; `skip` lists none. Links out of the root are never followed.
   */
  readonly symlinks?: 'skip' | 'files' | 'follow' | undefined
  /**
   * How the records of JSON Lines, CSV and TSV files are read; the first rule that fits a file counts. JSON Lines that no rule fits are
   * collections of records too, CSV and TSV files then documents.
   */
  readonly records?: readonly RecordRule[] | undefined
  /** Readers of further formats. They come before the built-in ones, so they may also take over an ending. */
  readonly readers?: readonly Reader[] | undefined
  /** Larger files are skipped as `TOO_LARGE`; files of records may have any size. Default 64 MiB. */
  readonly maxFileBytes?: number | undefined
  /** Longest time in milliseconds that parsing one file may take. Default 60 000. */
  readonly loadTimeoutMs?: number | undefined
}

/** The options, checked and complete, roots apart. */
export interface ResolvedLoaderOptions {
  readonly filter: PathFilter
  /** The rule for the records of a file, by its path in the root; undefined for other files. */
  readonly findRecordRule: FindRecordRule
  readonly ignoreFiles: boolean
  readonly hidden: boolean
  readonly symlinks: 'skip' | 'files' | 'follow'
  readonly maxFileBytes: number
  readonly loadTimeoutMs: number
}

const defaultFileBytes = 64 * 1024 * 1024
const defaultTimeoutMs = 60_000
/** The longest delay that a timer takes. */
const mostTimeoutMs = 2 ** 31 - 1

function checkedWhole(name: string, value: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value
  throw new QuernError('OPTION_INVALID', `${name} must be a whole number from 1 to ${most}, not ${value}`, {
    hint: `Leave ${name} out for the default.`,
  })
}

function checkedSymlinks(symlinks: ResolvedLoaderOptions['symlinks']): ResolvedLoaderOptions['symlinks'] {
  if (['skip', 'files', 'follow'].includes(symlinks)) return symlinks
  throw new QuernError('OPTION_INVALID', `symlinks must be skip, files or follow, not ${symlinks as string}`, {
    hint: 'Leave symlinks out for the default, files.',
  })
}

/** Checks the options but for the roots and fills in the defaults. Throws `OPTION_INVALID`. */
export function resolveLoaderOptions(options: Omit<FileLoaderOptions, 'roots'>): ResolvedLoaderOptions {
  const { include = [], exclude = [], ignoreFiles = true, records = [], hidden = false, symlinks = 'files' } = options
  const { maxFileBytes = defaultFileBytes, loadTimeoutMs = defaultTimeoutMs } = options
  return {
    filter: createPathFilter(include, exclude),
    findRecordRule: createRecordRules(records),
    ignoreFiles,
    hidden,
    symlinks: checkedSymlinks(symlinks),
    maxFileBytes: checkedWhole('maxFileBytes', maxFileBytes, constants.MAX_LENGTH),
    loadTimeoutMs: checkedWhole('loadTimeoutMs', loadTimeoutMs, mostTimeoutMs),
  }
}
