import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const manifest = createRequire(import.meta.url).resolve('@quern/indexer/package.json')
const { bin } = JSON.parse(await readFile(manifest, 'utf8')) as { readonly bin: { readonly indexer: string } }

/** Path of the program behind the command `indexer`. */
export const indexerPath = join(dirname(manifest), bin.indexer)
