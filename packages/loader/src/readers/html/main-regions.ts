import type { Block } from './block-writer.ts'
import type { Attributes } from './element-kinds.ts'

interface Region {
  readonly kind: 'main' | 'article'
  /** Depth of its element. */
  readonly depth: number
  readonly start: number
  end: number
}

/** Blocks of the page that stand in `<main>` or in an outermost `<article>`. */
export interface MainRegions {
  readonly closed: Region[]
  open: Region | undefined
}

const enoughCharacters = 200
const enoughShare = 0.3

/** Notes that a region begins with the next block, if the element is one. */
export function enterRegion(
  regions: MainRegions,
  name: string,
  attributes: Attributes,
  at: Omit<Region, 'kind' | 'end'>,
): void {
  const isMain = name === 'main' || attributes['role']?.toLowerCase() === 'main'
  if (!isMain && name !== 'article') return
  // A <main> inside an <article> replaces it; anything inside a <main> is part of it.
  if (regions.open !== undefined && (!isMain || regions.open.kind === 'main')) return
  regions.open = { kind: isMain ? 'main' : 'article', ...at, end: at.start }
}

/** Notes that the element at `depth` ends before block number `end`. */
export function leaveRegion(regions: MainRegions, depth: number, end: number): void {
  if (regions.open === undefined || regions.open.depth !== depth) return
  regions.open.end = end
  regions.closed.push(regions.open)
  regions.open = undefined
}

function length(blocks: readonly Block[]): number {
  let sum = 0
  for (const block of blocks) sum += block.text.length
  return sum
}

/**
 * The main text of the page: what stands in `<main>`, else in the articles, if that is 200 characters or 30 % of the page; else all.
 */
export function mainBlocks(blocks: readonly Block[], { closed }: MainRegions): readonly Block[] {
  const all = length(blocks)
  for (const kind of ['main', 'article']) {
    const found = closed.filter((region) => region.kind === kind)
    const inside = found.flatMap(({ start, end }) => blocks.slice(start, end))
    const size = length(inside)
    if (size > 0 && (size >= enoughCharacters || size >= all * enoughShare)) return inside
  }
  return blocks
}
