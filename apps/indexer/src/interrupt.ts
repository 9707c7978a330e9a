import { exitCodes } from './exit-codes.ts'

/** Turns Ctrl-C into an abort. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal
}

const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * Aborts its signal at the first SIGINT or SIGTERM, after calling `onFirst`; the second ends the process at once, which
 * costs the batch in flight and nothing else.
 */
export function createInterrupt(onFirst: () => void): Interrupt {
  const controller = new AbortController()
  const handle = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted)
    onFirst()
    controller.abort()
  }
  for (const name of signals) process.on(name, handle)
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const name of signals) process.off(name, handle)
    },
  }
}
