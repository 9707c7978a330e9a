import ignore from 'ignore'

/** Names of the files that hold rules, in ascending order of precedence. */
export const ignoreFileNames = ['.gitignore', '.indexignore'] as const

/** The text of an ignore file. */
interface IgnoreFile {
  /** Path of its folder relative to the top, with `/`; empty for the top itself. */
  readonly folder: string
  readonly name: string
  readonly text: string
}

/** The rules that hold in one folder: those of its own ignore files and of all above it up to the top. Immutable. */
export interface IgnoreRules {
  /** The rules that hold in a folder below with these ignore files of its own. Throws for a rule that would take too long. */
  with(file: IgnoreFile): IgnoreRules
  /** The rules, but what is above `folder`, and `folder` itself, is not ignored. */
  entering(folder: string): IgnoreRules
  /** The rule (`docs/.gitignore: *.log`) that ignores a path relative to the top, or undefined. */
  ignoredBy(path: string, isFolder: boolean): string | undefined
}

interface Rule {
  readonly pattern: string
  readonly mark: string
}

function escapeGlob(path: string): string {
  return path.replaceAll(/[\\*?[\]!# ]/g, String.raw`\$&`)
}

/**
 * A line of a nested ignore file as a line of one at the top, or undefined for a blank line or a comment. A pattern with a slash
 * before its end is bound to its folder; any other holds at every depth below it (gitignore(5)).
 */
function patternFromTop(line: string, folder: string): string | undefined {
  if (line.trim() === '' || line.startsWith('#')) return undefined
  if (folder === '') return line
  const negated = line.startsWith('!')
  const body = negated ? line.slice(1) : line
  if (body.trim() === '' || body.trim() === '/') return undefined
  const bound = body.trimEnd().slice(0, -1).includes('/')
  return `${negated ? '!' : ''}/${escapeGlob(folder)}/${bound ? body.replace(/^\//, '') : `**/${body}`}`
}

/** More `**` in one rule would take a time that grows with a power of the depth of each path. */
const mostGlobstars = 3

function checkPattern(pattern: string, mark: string): void {
  if (pattern.split('**').length - 1 <= mostGlobstars) return
  throw new Error(`a rule has more than ${mostGlobstars} "**": ${mark.slice(0, 200)}`)
}

function rulesOf({ folder, name, text }: IgnoreFile): Rule[] {
  const file = folder === '' ? name : `${folder}/${name}`
  return text
    .normalize('NFC')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line) => {
      const pattern = patternFromTop(line, folder)
      if (pattern === undefined) return []
      const mark = `${file}: ${line.trim()}`
      checkPattern(pattern, mark)
      return [{ pattern, mark }]
    })
}

function parents(folder: string): string[] {
  const parts = folder.split('/')
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function createRules(matcher: ignore.Ignore): IgnoreRules {
  const extended = (rules: readonly Rule[]): IgnoreRules => {
    const next = ignore({ ignorecase: false }).add(matcher)
    for (const rule of rules) next.add(rule)
    return createRules(next)
  }
  return {
    with: (file) => extended(rulesOf(file)),
    entering: (folder) =>
      extended(parents(folder).map((part) => ({ pattern: `!/${escapeGlob(part)}/`, mark: 'named as a root' }))),
    ignoredBy(path, isFolder) {
      const { ignored, rule } = matcher.test(isFolder ? `${path}/` : path)
      return ignored ? (rule?.mark ?? 'a rule') : undefined
    },
  }
}

/**
 * No rules. All rules of a listing are kept as one list from the top down, in which the last match wins and nothing in an
 * ignored folder can be brought back, as in git. Case matters.
 */
export const noIgnoreRules: IgnoreRules = {
  ...createRules(ignore({ ignorecase: false })),
  ignoredBy: () => undefined,
}
