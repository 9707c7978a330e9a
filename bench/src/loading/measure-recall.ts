import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { loadFile } from '@quern/loader'
import { corpusFolder } from '@quern/test-fixtures'
import { formatCount, formatHead, formatNumber, formatRow, formatSeconds } from '../report.ts'
import { compareWords } from './word-recall.ts'

const run = promisify(execFile)
const fixture = join(corpusFolder, 'compression/bzip2-manual.pdf')

async function timedCall<T>(call: () => Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> {
  const startedAt = performance.now()
  const value = await call()
  return { value, seconds: (performance.now() - startedAt) / 1000 }
}

/** The text of each page, as poppler reads it. */
async function pagesOfPoppler(file: string): Promise<string[]> {
  const { stdout } = await run('pdftotext', ['-enc', 'UTF-8', file, '-'], { maxBuffer: 2 ** 28 })
  return stdout.split('\f').slice(0, -1)
}

/** The text of each page, as the loader reads it; pages without text are left out. */
async function pagesOfQuern(file: string): Promise<Map<number, string>> {
  const { pageContent, segments = [] } = await loadFile(file)
  return new Map(segments.map(({ page = 0, start, end }) => [page, pageContent.slice(start, end)]))
}

async function versionOfPoppler(): Promise<string | undefined> {
  try {
    const { stderr } = await run('pdftotext', ['-v'])
    return /version (\S+)/.exec(stderr)?.[1]
  } catch {
    return undefined
  }
}

/**
 * Prints, for each PDF, the share of the words of each page that pdftotext finds and the loader finds on the same page as well, and the other way round.
 * Both start anew for each file.
 */
export async function measureRecall(folder: string | undefined): Promise<void> {
  const version = await versionOfPoppler()
  if (version === undefined) {
    console.log('\npdftotext is not installed: no recall')
    return
  }
  const given = folder === undefined ? [] : (await readdir(folder)).filter((name) => name.endsWith('.pdf')).toSorted()
  console.log(`\nWords on each page of PDFs, against pdftotext ${version}\n`)
  console.log(
    formatHead([
      'file',
      'pages',
      'words',
      'of its words found',
      'of ours in its',
      'pdftotext',
      'Quern, worker and engine started',
    ]),
  )
  for (const file of [fixture, ...given.map((name) => join(folder ?? '', name))]) {
    const poppler = await timedCall(() => pagesOfPoppler(file))
    const quern = await timedCall(() => pagesOfQuern(file))
    const total = { words: 0, found: 0, own: 0, confirmed: 0 }
    for (const [index, expected] of poppler.value.entries()) {
      const own = quern.value.get(index + 1) ?? ''
      const recall = compareWords(expected, own)
      const precision = compareWords(own, expected)
      total.words += recall.words
      total.found += recall.shared
      total.own += precision.words
      total.confirmed += precision.shared
    }
    console.log(
      formatRow([
        basename(file),
        formatCount(poppler.value.length),
        formatCount(total.words),
        formatNumber(total.found / total.words, 4),
        formatNumber(total.confirmed / total.own, 4),
        formatSeconds(poppler.seconds),
        formatSeconds(quern.seconds),
      ]),
    )
  }
}
