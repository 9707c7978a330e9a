import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** A path as a person writes it, made absolute: `~/` at its beginning is the home folder, all else is relative to `folder`. */
export function resolvePath(folder: string, path: string): string {
  if (path === '~') return homedir()
  return /^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : resolve(folder, path)
}
