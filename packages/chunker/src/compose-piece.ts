import { breadcrumb } from './breadcrumb.ts'
import type { ResolvedOptions } from './chunker-options.ts'
import { createTokenCounter } from './create-token-counter.ts'
import type { Heading } from './find-sections.ts'
import { startWithIndent } from './start-with-indent.ts'
import type { TextRange } from './text-range.ts'

/** A range of the text with what the model would see of it. */
export interface Piece extends TextRange {
  readonly embedText: string
  /** Of `embedText`, by the tokenizer. */
  readonly tokens: number
  /** The headings above the text. */
  readonly path: readonly Heading[]
}

/** Makes and measures the pieces of one document. */
export interface Composer {
  readonly text: string
  readonly options: ResolvedOptions
  /** Tokens that a piece at this place has beside its own: special tokens, document prefix, breadcrumb. */
  readonly addedTokens: (path: readonly Heading[], start: number) => number
  /**
   * The piece of a range that has no white space around it, after the headings of `path` that stand before it. The indentation of
   * its first line is taken in. With neither where `bare`.
   */
  readonly compose: (range: TextRange, path: readonly Heading[], bare?: boolean) => Piece
}

/** Headings as one line. */
interface Crumb {
  /** The titles it was made from. */
  readonly key: string
  readonly line: string
  readonly tokens: number
}

const noCrumb: Crumb = { key: '', line: '', tokens: 0 }

/** A composer for one document. Throws `OPTION_INVALID` as `createTokenCounter` does. */
export function createComposer(text: string, options: ResolvedOptions): Composer {
  const { count, fixedTokens } = createTokenCounter(options)
  const crumbTokens = Math.min(options.breadcrumbTokens, Math.floor((options.targetTokens - fixedTokens) / 4))
  let latest = noCrumb
  const crumbOf = (path: readonly Heading[], start: number): Crumb => {
    const titles = path.filter((heading) => heading.start < start).map(({ title }) => title)
    if (crumbTokens === 0 || titles.length === 0) return noCrumb
    const key = titles.join('\n')
    if (key !== latest.key) {
      const line = breadcrumb(titles, (crumb) => count(crumb) - fixedTokens <= crumbTokens)
      latest = { key, line, tokens: line === '' ? 0 : Math.max(0, count(line) - fixedTokens) }
    }
    return latest
  }
  return {
    text,
    options,
    addedTokens: (path, start) => fixedTokens + crumbOf(path, start).tokens,
    compose(range, path, bare = false) {
      const start = bare ? range.start : startWithIndent(text, range.start)
      const body = text.slice(start, range.end)
      const { line } = bare ? noCrumb : crumbOf(path, start)
      const embedText = line === '' ? body : `${line}\n\n${body}`
      return { start, end: range.end, embedText, tokens: count(embedText), path }
    },
  }
}
