import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClassicFigures } from '../classic/classic-figures.ts'
import type { EndToEndFigures } from '../end-to-end/end-to-end-figures.ts'
import type { PeersFigures } from '../peers/peer-figures.ts'
import type { RecordedResult } from './recorded-result.ts'

/** The recorded results that the page shows; one that is not recorded is absent. */
export interface Results {
  readonly classic?: RecordedResult<ClassicFigures>
  readonly 'end-to-end'?: RecordedResult<EndToEndFigures>
  readonly peers?: RecordedResult<PeersFigures>
}

/** Reads all results of a folder. */
export async function readResults(folder: string): Promise<Results> {
  const results: Record<string, unknown> = {}
  for (const name of (await readdir(folder)).filter((entry) => entry.endsWith('.json'))) {
    results[name.slice(0, -'.json'.length)] = JSON.parse(await readFile(join(folder, name), 'utf8'))
  }
  return results
}
