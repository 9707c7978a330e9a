import type { ConformanceHarness } from '@quern/core/testing'

/** The harness with every case left out but those with these names, which must exist. */
export function onlyCases<Harness extends ConformanceHarness>(
  harness: Harness,
  cases: readonly { readonly name: string }[],
  wanted: readonly string[],
): Harness {
  const names = cases.map(({ name }) => name)
  for (const name of wanted) if (!names.includes(name)) throw new Error(`no case is named "${name}"`)
  const others = names.filter((name) => !wanted.includes(name))
  return { ...harness, skips: Object.fromEntries(others.map((name) => [name, 'another case is asked for'])) }
}

/** The harness with every case left out but the one with this name, which must exist. */
export function onlyCase<Harness extends ConformanceHarness>(
  harness: Harness,
  cases: readonly { readonly name: string }[],
  wanted: string,
): Harness {
  return onlyCases(harness, cases, [wanted])
}
