import { readdir } from 'node:fs/promises'
import { systemErrorCode } from '@quern/core'
import { currentGeneration } from '@quern/core/files'
import type { StoreType } from '../config/store-schema.ts'
import { uriPattern } from '../config/store-schema.ts'

/** Names of the file that a JSON store begins with, in segments or all in one. */
const jsonRoots: readonly string[] = ['manifest.json', 'embeddings.json']

/** The type of the store in a folder, by the names of its files; undefined where there is none. An address is always one of LanceDB. */
export async function storeTypeAt(path: string): Promise<StoreType | undefined> {
  if (uriPattern.test(path)) return 'lancedb'
  try {
    const names = await readdir(await currentGeneration(path))
    if (jsonRoots.some((name) => names.includes(name))) return 'json'
    return names.some((name) => name.endsWith('.lance')) ? 'lancedb' : undefined
  } catch (error) {
    // What cannot be read is told by the store, which names it.
    if (systemErrorCode(error) === undefined) throw error
    return undefined
  }
}
