import { attribute, parseXml } from '../parse-xml.ts'
import type { ZipArchive } from '../zip-archive.ts'

/** What a style says of the paragraphs that have it. */
export interface ParagraphStyle {
  /** Level of a heading, from 1. */
  readonly level?: number
  /** Depth of a list item, from 0. */
  readonly list?: number
}

interface OpenStyle {
  level?: number
  list?: number
  basedOn?: string
}

/** Styles are based on others, but hardly on so many. */
const longestChain = 16

/** The level that a name gives. Ids and most names are in the writer's language, "heading 1" is not. */
function levelOfName(name: string): number | undefined {
  if (/^title$/i.test(name)) return 1
  const [, digit] = /^heading (\d)$/i.exec(name) ?? []
  return digit === undefined ? undefined : Number(digit)
}

/** Depth of a list by the value of an element, 0 for none and nonsense. */
export function listDepth(value: string): number {
  const depth = Number(value)
  return Number.isSafeInteger(depth) && depth > 0 ? depth : 0
}

/** Level of a heading by the value of `outlineLvl`; undefined for body text. */
export function outlineLevel(value: string): number | undefined {
  return /^[0-8]$/.test(value) ? Number(value) + 1 : undefined
}

function inherit(styles: ReadonlyMap<string, OpenStyle>, id: string): ParagraphStyle {
  let level: number | undefined
  let list: number | undefined
  let style = styles.get(id)
  for (let i = 0; i < longestChain && style !== undefined; i++) {
    level ??= style.level
    list ??= style.list
    style = style.basedOn === undefined ? undefined : styles.get(style.basedOn)
  }
  return { ...(level === undefined ? {} : { level }), ...(list === undefined ? {} : { list }) }
}

/** The styles of paragraphs by their id, what they inherit included. None where the archive has no such part. */
export async function readParagraphStyles(
  archive: ZipArchive,
  part: string | undefined,
): Promise<ReadonlyMap<string, ParagraphStyle>> {
  const styles = new Map<string, OpenStyle>()
  if (part === undefined) return new Map()
  let style: OpenStyle | undefined
  await parseXml(archive.read(part), {
    open(name, attributes) {
      if (name === 'style') {
        style = {}
        const id = attribute(attributes, 'styleId')
        if (id !== undefined) styles.set(id, style)
      }
      if (style === undefined) return
      const value = attribute(attributes, 'val') ?? ''
      const level = name === 'name' ? levelOfName(value) : name === 'outlineLvl' ? outlineLevel(value) : undefined
      if (level !== undefined) style.level ??= level
      else if (name === 'basedOn') style.basedOn = value
      else if (name === 'numPr') style.list ??= 0
      else if (name === 'ilvl') style.list = listDepth(value)
    },
    close(name) {
      if (name === 'style') style = undefined
    },
  })
  return new Map([...styles.keys()].map((id) => [id, inherit(styles, id)]))
}
