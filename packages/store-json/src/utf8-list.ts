import type { StringList } from './string-list.ts'
import { createStringList } from './string-list.ts'

/** Strings that stand in UTF-8, one behind the other. */
export interface Utf8List extends StringList {
  readonly bytes: Buffer
  /** Where each string ends among the bytes. */
  readonly ends: Float64Array
}

function startOf({ ends }: Pick<Utf8List, 'ends'>, index: number): number {
  return index === 0 ? 0 : (ends[index - 1] as number)
}

/** The list of the strings that end there; each is made when it is asked for. */
export function createUtf8List(bytes: Buffer, ends: Float64Array): Utf8List {
  const make = (index: number): string => bytes.toString('utf8', startOf({ ends }, index), ends[index])
  return Object.assign(createStringList(ends.length, make), { bytes, ends })
}

const endLength = 8

/** A number that equal strings have in common, and few others: of the length and the last bytes of one. */
function tagOf(bytes: Buffer, start: number, end: number): number {
  let tag = end - start
  for (let at = Math.max(start, end - endLength); at < end; at++) tag = (Math.imul(tag, 31) + (bytes[at] as number)) | 0
  return tag
}

/** Some of the strings of a list, and where to look for them. */
interface ListPart {
  readonly list: StringList
  readonly first: number
  readonly count: number
}

function isUtf8List(list: StringList): list is Utf8List {
  return 'ends' in list
}

/**
 * A function that finds wanted strings among `count` of a list from `first` on, and gives each with its place, counted from `first`. Of a list in
 * UTF-8 hardly another string is made: to make all of them takes several times as long as to look at their bytes.
 */
export function createStringFinder(
  wanted: ReadonlySet<string>,
): (part: ListPart) => Iterable<{ readonly string: string; readonly index: number }> {
  const tags = new Set(
    Array.from(wanted, (string) => {
      const bytes = Buffer.from(string)
      return tagOf(bytes, 0, bytes.length)
    }),
  )
  return function* find({ list, first, count }) {
    const utf8 = isUtf8List(list) ? list : undefined
    for (let place = first; place < first + count; place++) {
      if (utf8 !== undefined && !tags.has(tagOf(utf8.bytes, startOf(utf8, place), utf8.ends[place] as number))) continue
      const string = list.at(place) as string
      if (wanted.has(string)) yield { string, index: place - first }
    }
  }
}
