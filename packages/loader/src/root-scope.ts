import { QuernError } from '@quern/core'

/** How a path in a root lies to the part of the root that is listed. */
type ScopePlace = 'inside' | 'above' | 'outside'

/** The part of a root that is listed: what lies at or below some paths, relative to the root, with `/`, in NFC. */
export interface RootScope {
  readonly paths: readonly string[]
  /** `above`: a folder on the way to the part. */
  place(path: string): ScopePlace
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`)
}

function normalPath(given: string, root: string): string {
  const path = given.normalize('NFC').replace(/\/+$/, '')
  if (path !== '' && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')) return path
  throw new QuernError('OPTION_INVALID', `${JSON.stringify(given)} is no path in the root ${root}`, {
    hint: 'Give paths relative to the root, with "/": only: ["guide/intro.md"]',
  })
}

/** The part of a root that these paths name. Throws `OPTION_INVALID` for none, and for paths that are no path in the root. */
export function createRootScope(only: readonly string[], root: string): RootScope {
  if (only.length === 0) {
    throw new QuernError('OPTION_INVALID', `nothing in the root ${root} is to be listed: only is empty`, {
      hint: 'Leave out only to list all of it.',
    })
  }
  const paths = [...new Set(only.map((path) => normalPath(path, root)))]
  return {
    paths,
    place(path) {
      if (paths.some((own) => path === own || isBelow(path, own))) return 'inside'
      return paths.some((own) => isBelow(own, path)) ? 'above' : 'outside'
    },
  }
}
