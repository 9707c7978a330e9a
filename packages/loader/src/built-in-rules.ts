/** Why a name is left out whatever the ignore files say, or undefined. A root itself is never asked for. */
export function builtInRule(name: string): string | undefined {
  if (name.startsWith('.')) return 'hidden: its name begins with a dot'
  return name === 'node_modules' ? 'installed packages' : undefined
}
