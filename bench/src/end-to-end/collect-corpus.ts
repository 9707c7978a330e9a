import { createHash } from 'node:crypto'
import { appendFile, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { systemErrorCode } from '@quern/core'

/** Folders of a Debian system and of this repository that hold many texts; those that are there are used. */
const corpusRoots: readonly string[] = [
  fileURLToPath(new URL('../../../node_modules/.pnpm', import.meta.url)),
  '/usr/share/doc',
  '/usr/include',
  '/usr/lib/python3',
  '/usr/lib/python3.11',
  '/usr/share/perl',
]

const endings = new Set(['.md', '.txt', '.html', '.rst', '.ts', '.js', '.py', '.h'])

/** Sizes of files that are taken, in bytes. The upper end keeps a run with a real model within minutes. */
const corpusBytes = { least: 200, most: 2000 }

/** What was collected. */
export interface CollectedCorpus {
  readonly files: number
  readonly bytes: number
  /** SHA-256 over all contents, in order: two runs with the same one had the same corpus. */
  readonly digest: string
  /** Files by ending. */
  readonly endings: Readonly<Record<string, number>>
}

async function* findFiles(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* findFiles(path)
    else if (entry.isFile() && endings.has(extname(entry.name))) yield path
  }
}

async function findCandidates(roots: readonly string[]): Promise<string[]> {
  const candidates: string[] = []
  for (const root of roots) {
    try {
      for await (const path of findFiles(root)) {
        const { size } = await stat(path)
        if (size >= corpusBytes.least && size <= corpusBytes.most) candidates.push(path)
      }
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT') throw error
    }
  }
  return candidates
}

const filesInFolder = 100

/** Where the file of this number is, below the folder. */
function placeOf(number: number, ending: string): string {
  return join(String(Math.floor(number / filesInFolder)), `${number}${ending}`)
}

/**
 * Copies real files into an empty folder, a hundred in each subfolder, last changed long ago: of all in the roots that have one of the endings and a fitting
 * size, in order of root and path, `count` evenly spread ones, or all when there are fewer.
 */
export async function collectCorpus(
  folder: string,
  count: number,
  roots: readonly string[] = corpusRoots,
): Promise<CollectedCorpus> {
  const candidates = await findCandidates(roots)
  const files = Math.min(count, candidates.length)
  const hash = createHash('sha256')
  const byEnding: Record<string, number> = {}
  let bytes = 0
  for (let number = 0; number < files; number++) {
    const from = candidates[Math.floor((number * candidates.length) / files)] as string
    const content = await readFile(from)
    const path = join(folder, placeOf(number, extname(from)))
    if (number % filesInFolder === 0) await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, content)
    await utimes(path, 1_700_000_000, 1_700_000_000 + number)
    hash.update(content)
    bytes += content.length
    byEnding[extname(from)] = (byEnding[extname(from)] ?? 0) + 1
  }
  return { files, bytes, digest: hash.digest('hex'), endings: byEnding }
}

/** Appends a line to every hundredth file of a collected corpus. Returns the number of files that were changed. */
export async function changeOnePercent(folder: string, line: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const changed = paths.toSorted().filter((_, i) => i % 100 === 0)
  for (const path of changed) await appendFile(path, `\n${line}\n`)
  return changed.length
}
