import type { ResolvedOptions } from '../chunker-options.ts'
import type { Heading, TableHead } from '../structure/section.ts'
import { startWithIndent } from '../text/start-with-indent.ts'
import type { TextRange } from '../text/text-range.ts'
import { createTokenCounter } from '../tokens/create-token-counter.ts'
import { breadcrumb } from './breadcrumb.ts'

/** A range of the text with what the model would see of it. */
export interface Piece extends TextRange {
  readonly embedText: string
  /** Of `embedText`, by the tokenizer. */
  readonly tokens: number
  /** The headings above the text. */
  readonly path: readonly Heading[]
}

/** What stands above a range. */
interface Above {
  readonly path: readonly Heading[]
  /** Of the table in whose rows the range begins. */
  readonly head?: TableHead | undefined
}

/** Makes and measures the pieces of one text. */
export interface Composer {
  readonly text: string
  readonly options: ResolvedOptions
  /** Tokens that every text has beside its own. */
  readonly fixedTokens: number
  /** Tokens that a piece at this place has beside its own: special tokens, document prefix, breadcrumb, head of its table. */
  readonly addedTokens: (above: Above, start: number) => number
  /**
   * The piece of a range that has no white space around it, after the headings of `path` that stand before it and the head of its
   * table. The indentation of its first line is taken in. With nothing of all this where `bare`.
   */
  readonly compose: (range: TextRange, above: Above, bare?: boolean) => Piece
}

/** A text that is put before another. */
interface Preface {
  /** What it was made from. */
  readonly key: string
  readonly text: string
  readonly tokens: number
}

const nothing: Preface = { key: '', text: '', tokens: 0 }

/** Titles as one line and table heads, each at most so many tokens long; the latest of each is remembered. */
function createPrefaces(count: (text: string) => number, limits: { readonly crumb: number; readonly head: number }) {
  let [crumb, head] = [nothing, nothing]
  const measured = (key: string, text: string): Preface => ({
    key,
    text,
    tokens: text === '' ? 0 : Math.max(0, count(text)),
  })
  return {
    crumbOf({ path }: Above, start: number): Preface {
      const titles = path.filter((heading) => heading.start < start).map(({ title }) => title)
      if (limits.crumb === 0 || titles.length === 0) return nothing
      const key = titles.join('\n')
      if (key !== crumb.key) {
        crumb = measured(
          key,
          breadcrumb(titles, (line) => count(line) <= limits.crumb),
        )
      }
      return crumb
    },
    headOf({ head: found }: Above, start: number): Preface {
      if (found === undefined || start < found.end) return nothing
      if (found.text !== head.key) head = measured(found.text, count(found.text) <= limits.head ? found.text : '')
      return head
    },
  }
}

/** A composer for one text. Throws `OPTION_INVALID` as `createTokenCounter` does. */
export function createComposer(text: string, options: ResolvedOptions): Composer {
  const { count, fixedTokens } = createTokenCounter(options)
  const quarter = Math.floor((options.targetTokens - fixedTokens) / 4)
  const prefaces = createPrefaces((added) => count(added) - fixedTokens, {
    crumb: Math.min(options.breadcrumbTokens, quarter),
    head: quarter,
  })
  return {
    text,
    options,
    fixedTokens,
    addedTokens: (above, start) =>
      fixedTokens + prefaces.crumbOf(above, start).tokens + prefaces.headOf(above, start).tokens,
    compose(range, above, bare = false) {
      const start = bare ? range.start : startWithIndent(text, range.start)
      const body = text.slice(start, range.end)
      const crumb = bare ? '' : prefaces.crumbOf(above, start).text
      const head = bare ? '' : prefaces.headOf(above, start).text
      const embedText = `${crumb}${crumb === '' ? '' : '\n\n'}${head}${head === '' ? '' : '\n'}${body}`
      return { start, end: range.end, embedText, tokens: count(embedText), path: above.path }
    },
  }
}
