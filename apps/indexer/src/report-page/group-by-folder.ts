import { compareStrings } from '@quern/core'

/** Groups of sources, and the group of each. */
export interface FolderGroups {
  readonly names: readonly string[]
  /** Position in `names` of each source that was given. */
  readonly groups: readonly number[]
}

/** As many colours can be told apart. */
const mostGroups = 10
const fewestGroups = 3
const deepest = 5
const others = 'other folders'

/** The first folders of a source's path. */
function folderOf(source: string, depth: number): string {
  const folders = source.split('/').slice(0, -1)
  return folders.length === 0 ? source : folders.slice(0, depth).join('/')
}

/** Groups sources by folders: as deep as it takes to have a few groups, the smallest of which become one. */
export function groupByFolder(sources: readonly string[]): FolderGroups {
  let depth = 1
  const distinct = (): number => new Set(sources.map((source) => folderOf(source, depth))).size
  while (depth < deepest && distinct() < fewestGroups) depth++
  const sizes = new Map<string, number>()
  for (const source of sources) {
    const folder = folderOf(source, depth)
    sizes.set(folder, (sizes.get(folder) ?? 0) + 1)
  }
  const ranked = [...sizes].toSorted((a, b) => b[1] - a[1] || compareStrings(a[0], b[0])).map(([name]) => name)
  const names = ranked.length <= mostGroups ? ranked : [...ranked.slice(0, mostGroups - 1), others]
  const positions = new Map(names.map((name, index) => [name, index]))
  return { names, groups: sources.map((source) => positions.get(folderOf(source, depth)) ?? names.length - 1) }
}
