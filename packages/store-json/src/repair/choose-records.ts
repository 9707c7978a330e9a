import type { Manifest } from '../format/manifest.ts'
import { dataFileNumber } from '../format/store-layout.ts'
import type { SourceFileScan } from './scan-source-file.ts'

/** The source files that make up a store whose manifest is lost: each tells the one before it. Undefined when one is missing. */
function chainOf(scans: readonly SourceFileScan[]): SourceFileScan[] | undefined {
  const byFile = new Map(scans.map((scan) => [scan.file, scan]))
  const chain: SourceFileScan[] = []
  let file = scans.at(-1)?.file
  while (file !== undefined) {
    const scan = byFile.get(file)
    if (scan === undefined || !scan.whole) return undefined
    chain.unshift(scan)
    file = scan.header?.follows
  }
  return chain.length === 0 ? undefined : chain
}

/** Records that count, and whether they are all that there were. */
export interface ChosenRecords {
  /** In order of age. */
  readonly scans: readonly SourceFileScan[]
  readonly whole: boolean
}

/**
 * Whether source files of later commits are missing behind the newest one: a manifest named them, or a chunk file with a higher number
 * holds nothing that any record names.
 */
function lacksNewer(chain: readonly SourceFileScan[], later: readonly string[]): boolean {
  const newest = dataFileNumber(chain.at(-1)?.file ?? '0')
  const named = new Set(
    chain.flatMap(({ records }) => records.map(({ record }) => ('put' in record ? record.chunks?.file : undefined))),
  )
  return later.some((file) => dataFileNumber(file) > newest && !named.has(file))
}

/**
 * The records that count when there is no manifest to name them. `later`: files that belong, or may belong, to commits with records.
 * Adds source files that are not whole to the damage.
 */
export function chainRecords(
  scans: readonly SourceFileScan[],
  later: readonly string[],
  damage: Map<string, string>,
): ChosenRecords {
  for (const { file, whole } of scans) if (!whole) damage.set(file, 'some of its lines are damaged or missing')
  const chain = chainOf(scans)
  return chain === undefined || lacksNewer(chain, later) ? { scans, whole: false } : { scans: chain, whole: true }
}

/** The records that a manifest names. Adds source files that are not those that it names to the damage. */
export function namedRecords(
  scans: readonly SourceFileScan[],
  manifest: Manifest,
  damage: Map<string, string>,
): ChosenRecords {
  const byFile = new Map(scans.map((scan) => [scan.file, scan]))
  const named = manifest.sourceFiles.flatMap(({ file, sha256: sum }) => {
    const scan = byFile.get(file)
    if (scan !== undefined && scan.sha256 !== sum) damage.set(file, 'its checksum is not that of the manifest')
    return scan ?? []
  })
  return { scans: named, whole: named.every(({ file }) => !damage.has(file)) }
}
