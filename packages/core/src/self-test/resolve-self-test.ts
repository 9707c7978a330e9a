import { QuernError } from '../quern-error.ts'
import type { KnownVector } from './known-texts.ts'
import type { SelfTestMode, SelfTestOptions } from './self-test.ts'
import type { VectorMemory } from './vector-memory.ts'

/** How an embedder is asked to test its model. */
export interface SelfTestChoice {
  /** Default `quick`. */
  readonly selfTest?: SelfTestMode
  /** Default: none. */
  readonly knownVectors?: readonly KnownVector[]
}

const modes: readonly unknown[] = ['full', 'quick', 'off'] satisfies readonly SelfTestMode[]

/** The choice with every default filled in. Throws `OPTION_INVALID`. */
export function resolveSelfTest(choice: SelfTestChoice, memory: VectorMemory | undefined): SelfTestOptions {
  const { selfTest: mode = 'quick', knownVectors = [] } = choice
  if (modes.includes(mode)) return { mode, knownVectors, memory }
  throw new QuernError('OPTION_INVALID', `selfTest is ${JSON.stringify(mode)}`, {
    hint: `Give one of ${modes.join(', ')}, or leave it out.`,
  })
}
