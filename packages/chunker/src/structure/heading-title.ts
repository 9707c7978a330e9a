import { codePointFloor } from '../text/graphemes.ts'

const longestTitle = 200

/**
 * A heading's Markdown as plain words for a breadcrumb: links and images leave their text, tags and emphasis go, white space
 * becomes one space. At most 200 UTF-16 code units of it. May be empty.
 */
export function headingTitle(markdown: string): string {
  const words = markdown
    .replaceAll(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replaceAll(/<\/?[a-z][^<>]*>/gi, '')
    .replaceAll(/\*\*|__|`/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return words.slice(0, codePointFloor(words, longestTitle)).trim()
}
