/** Files that package managers write: long, and of no use to a reader. */
const lockFiles: ReadonlySet<string> = new Set(['npm-shrinkwrap.json', 'package-lock.json', 'pnpm-lock.yaml'])

/** Why a name is left out whatever the ignore files say, or undefined. A root itself is never asked for. */
export function builtInRule(name: string, { hidden = false }: { readonly hidden?: boolean } = {}): string | undefined {
  if (name === '.git') return 'of git itself'
  if (!hidden && name.startsWith('.')) return 'hidden: its name begins with a dot'
  if (lockFiles.has(name)) return 'written by a package manager'
  return name === 'node_modules' ? 'installed packages' : undefined
}
