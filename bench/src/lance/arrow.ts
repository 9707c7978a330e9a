import { createRequire } from 'node:module'
import type * as Arrow from 'apache-arrow'

const require = createRequire(import.meta.url)

/**
 * The very instance of apache-arrow that LanceDB uses. An import would give the second one that the package has for ES modules, and
 * LanceDB cannot read the tables of that.
 */
export const arrow = createRequire(require.resolve('@lancedb/lancedb'))('apache-arrow') as typeof Arrow
