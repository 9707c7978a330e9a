/** What a measurement gave, or why there is nothing. */
export type Outcome<T> = { readonly value: T } | { readonly reason: string }

/** The same measurement, but failing only once and without an error: its reason stands for later rounds too. */
export function capture<T>(measure: (round: number) => Promise<T>): (round: number) => Promise<Outcome<T>> {
  let failed: Outcome<T> | undefined
  return async (round) => {
    if (failed !== undefined) return failed
    try {
      return { value: await measure(round) }
    } catch (error) {
      failed = { reason: error instanceof Error ? error.message : String(error) }
      return failed
    }
  }
}

/** What the rounds gave that did not fail. */
export function valuesOf<T>(outcomes: readonly Outcome<T>[] | undefined): T[] {
  return outcomes?.flatMap((outcome) => ('value' in outcome ? [outcome.value] : [])) ?? []
}

/** Why there is nothing, fit for a cell of a table; a dash where it was not tried. */
export function reasonOf(outcomes: readonly Outcome<unknown>[] | undefined): string {
  const failed = outcomes?.find((outcome) => 'reason' in outcome)
  return failed === undefined ? '–' : (failed.reason.split('\n')[0] ?? '').replaceAll('|', '/').slice(0, 160)
}
