import { errorMessage, isQuernError } from '@quern/core'
import type { Check } from './check.ts'

/** A library with native parts. */
export interface NativeModule {
  readonly name: string
  /** What it is for. */
  readonly purpose: string
  /** Whether the configuration uses it. */
  readonly needed: boolean
  /** Loads it, and says which it is. */
  readonly probe: () => Promise<string>
  /** How it is installed. */
  readonly fix: string
}

async function checkModule({ name, purpose, needed, probe, fix }: NativeModule): Promise<Check> {
  try {
    return { name, level: 'ok', message: `${await probe()}${needed ? '' : ' (not used by this configuration)'}` }
  } catch (error) {
    // Node's messages go on with a list of files that asked for the module.
    const [reason = ''] = errorMessage(error).split('\n')
    if (!needed) return { name, level: 'ok', message: `not there, and not needed: it is for ${purpose}` }
    const hint = isQuernError(error) && error.hint !== undefined ? `${fix}. ${error.hint}` : fix
    return { name, level: 'fail', message: `cannot be loaded: ${reason}`, fix: hint }
  }
}

/** Loads each library once. One that is missing is a failure where the configuration uses it. */
export async function checkNativeModules(modules: readonly NativeModule[]): Promise<Check[]> {
  const checks: Check[] = []
  // One after another: what one prints or breaks is not mistaken for another's.
  for (const module of modules) checks.push(await checkModule(module))
  return checks
}
