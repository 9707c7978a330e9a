import type { GlobalOptions } from './global-options.ts'

/** A word as a shell takes it for one. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/**
 * How a command begins that concerns what the last one did: the name of the program, and the configuration, the store and the model where
 * they were named on the command line. So it can be typed as it is printed.
 */
export function programAsTyped(
  programName: string,
  { config, store, storePath, model }: Pick<GlobalOptions, 'config' | 'store' | 'storePath' | 'model'>,
): string {
  const given = { '--config': config, '--store': store, '--store-path': storePath, '--model': model }
  const words = Object.entries(given).flatMap(([flag, value]) =>
    value === undefined ? [] : [flag, quoteForShell(value)],
  )
  return [programName, ...words].join(' ')
}

/** A hint of a package, in which commands begin with `indexer`, with commands that begin as they are typed here. */
export function nameCommands(hint: string, program: string): string {
  return hint.replaceAll(/(?<![\w@./-]|pnpm )indexer (?=[a-z])/g, () => `${program} `)
}
