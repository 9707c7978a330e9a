import { errorMessage, QuernError } from '@quern/core'
import picomatch from 'picomatch'

/** Which paths the `include` and `exclude` globs let through. Paths are relative to the root, with `/`, in NFC. */
export interface PathFilter {
  /** The exclude glob that leaves out this very path (of a file or a folder), or undefined. */
  excludedBy(path: string): string | undefined
  /** Whether a file of this path is included. */
  includes(path: string): boolean
  /** Whether a file of this path is included, and neither it nor a folder above it is excluded. */
  admits(path: string): boolean
}

type Matcher = (path: string) => boolean

/** A glob and whether it matches a path. */
export interface Glob {
  readonly pattern: string
  readonly matches: Matcher
}

/** `!` in front negates, but `!(a|b)` is a glob of its own. */
const negation = /^!(?!\()/

function globError(option: string, pattern: string, reason: string, cause?: unknown): QuernError {
  return new QuernError('OPTION_INVALID', `${option} has the glob ${JSON.stringify(pattern)}: ${reason}`, {
    hint: 'Globs are matched on the path relative to the root, for instance "**/*.md" or "drafts/**".',
    cause,
  })
}

/** Compiles one glob of an option. Throws `OPTION_INVALID` for one that cannot match. */
export function compileGlob(option: string, pattern: string): Glob {
  if (typeof pattern !== 'string' || pattern.trim() === '') throw globError(option, pattern, 'it is empty')
  if (pattern.startsWith('/') || pattern.split('/').includes('..')) {
    throw globError(option, pattern, 'it leaves the root')
  }
  if (negation.test(pattern)) throw globError(option, pattern, 'it is negated, which has no meaning here')
  try {
    const trimmed = pattern.normalize('NFC').replace(/(?<=[^/])\/+$/, '')
    return { pattern, matches: picomatch(trimmed, { dot: true, nocase: true, strictBrackets: true }) }
  } catch (error) {
    throw globError(option, pattern, errorMessage(error), error)
  }
}

/** A glob of a list in which later ones take back what earlier ones say. */
interface SignedGlob extends Glob {
  /** Written with `!` in front. */
  readonly negated: boolean
}

function compileSigned(option: string, pattern: string): SignedGlob {
  const negated = typeof pattern === 'string' && negation.test(pattern)
  return { ...compileGlob(option, negated ? pattern.slice(1) : pattern), pattern, negated }
}

/** The last glob of a list that matches a path. */
function decidingGlob(globs: readonly SignedGlob[], path: string): SignedGlob | undefined {
  return globs.findLast(({ matches }) => matches(path))
}

/** Every folder above `path`, outermost first, and `path` itself. */
function* pathAndFolders(path: string): Generator<string> {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) yield path.slice(0, end)
  yield path
}

/**
 * Compiles the globs. They ignore case and match names that begin with a dot. An exclude glob that matches a folder excludes
 * all that is in it; an exclude glob wins over an include glob. A glob with `!` in front takes back what globs before it in its list say, as in an
 * ignore file: nothing in an excluded folder can be brought back. Include globs that are all negated leave out of everything. Throws `OPTION_INVALID` for
 * a glob that cannot match.
 */
export function createPathFilter(include: readonly string[], exclude: readonly string[]): PathFilter {
  const included = include.map((pattern) => compileSigned('include', pattern))
  const excluded = exclude.map((pattern) => compileSigned('exclude', pattern))
  const excludedBy = (path: string): string | undefined => {
    const glob = decidingGlob(excluded, path)
    return glob?.negated === false ? glob.pattern : undefined
  }
  const includesByDefault = included.every(({ negated }) => negated)
  const includes = (path: string): boolean => {
    const glob = decidingGlob(included, path)
    return glob === undefined ? includesByDefault : !glob.negated
  }
  return {
    excludedBy,
    includes,
    admits(path) {
      if (!includes(path)) return false
      for (const part of pathAndFolders(path)) if (excludedBy(part) !== undefined) return false
      return true
    },
  }
}
