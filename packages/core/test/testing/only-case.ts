import type { ConformanceHarness } from '@quern/core/testing'

/** The harness with every case left out but the one with this name, which must exist. */
export function onlyCase<Harness extends ConformanceHarness>(
  harness: Harness,
  cases: readonly { readonly name: string }[],
  wanted: string,
): Harness {
  const names = cases.map(({ name }) => name)
  if (!names.includes(wanted)) throw new Error(`no case is named "${wanted}"`)
  const others = names.filter((name) => name !== wanted)
  return { ...harness, skips: Object.fromEntries(others.map((name) => [name, 'another case is asked for'])) }
}
