/** What one way of doing a thing cost. */
export interface Sample {
  /** Units of work done, for instance tokens. */
  readonly units: number
  readonly wallSeconds: number
  /** Processor seconds of this process, all threads together. */
  readonly cpuSeconds: number
}

/** One of several ways of doing the same thing. */
export interface Variant {
  readonly name: string
  /** Works for about `seconds` and returns the units of work that were done, or a sample where another process did them. */
  run(seconds: number): Promise<number | Sample>
}

async function measure(variant: Variant, seconds: number): Promise<Sample> {
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  const units = await variant.run(seconds)
  if (typeof units !== 'number') return units
  const { user, system } = process.cpuUsage(cpuBefore)
  return { units, wallSeconds: (performance.now() - startedAt) / 1000, cpuSeconds: (user + system) / 1e6 }
}

/**
 * Runs each way of doing the same thing once a round, in turn, so that what else happens on the machine meets all of them alike. Returns
 * what each gave, by its name; `round` counts from 0.
 */
export async function repeatInTurn<T>(
  ways: ReadonlyMap<string, (round: number) => Promise<T>>,
  rounds: number,
): Promise<Map<string, T[]>> {
  const results = new Map<string, T[]>([...ways.keys()].map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of ways) results.get(name)?.push(await way(round))
  }
  return results
}

/** Samples of each variant, taken in turn. */
export async function measureInTurn(
  variants: readonly Variant[],
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Map<string, Sample[]>> {
  const ways = variants.map((variant) => [variant.name, () => measure(variant, seconds)] as const)
  return repeatInTurn(new Map(ways), rounds)
}

/** Seconds that an action takes. */
export async function timed(action: () => unknown): Promise<number> {
  const startedAt = performance.now()
  await action()
  return (performance.now() - startedAt) / 1000
}

/** The number that this share (0 to 1) of the numbers does not exceed. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN
}

/** The middle one of several numbers. */
export function median(numbers: readonly number[]): number {
  return percentile(numbers, 0.5)
}
