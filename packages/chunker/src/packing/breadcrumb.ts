import { codePointFloor } from '../text/graphemes.ts'

const separator = ' > '

/**
 * The titles of the headings above a text, joined to `A > B`: the outermost are left out, and at last the innermost is cut short,
 * until it fits. Empty where nothing fits.
 */
export function breadcrumb(titles: readonly string[], fits: (crumb: string) => boolean): string {
  const named = titles.filter((title) => title !== '')
  for (let first = 0; first < named.length; first++) {
    const crumb = named.slice(first).join(separator)
    if (fits(crumb)) return crumb
  }
  let title = named.at(-1) ?? ''
  while (title !== '' && !fits(title))
    title = title.slice(0, codePointFloor(title, Math.floor(title.length / 2))).trim()
  return title
}
