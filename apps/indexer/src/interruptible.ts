import { exitCodes } from './exit-codes.ts'
import type { ExitCode } from './exit-codes.ts'
import { createInterrupt } from './interrupt.ts'

/**
 * Runs a command that Ctrl-C interrupts: `onFirst` is called at the first one, then the signal aborts. A command that ends with the
 * signal's reason has exit code 130; other errors stay what they are, also after an interruption.
 */
export async function interruptible(
  onFirst: () => void,
  command: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  using interrupt = createInterrupt(onFirst)
  const { signal } = interrupt
  try {
    return await command(signal)
  } catch (error) {
    if (signal.aborted && error === signal.reason) return exitCodes.interrupted
    throw error
  }
}
