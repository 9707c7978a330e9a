import { isAbsolute, relative, sep } from 'node:path'

/** Whether the absolute path `inner` lies below the folder `outer`; a path does not lie below itself. Looks at no disk. */
export function isPathInside(inner: string, outer: string): boolean {
  const path = relative(outer, inner)
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}
