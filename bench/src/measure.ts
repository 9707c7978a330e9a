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

/** Samples of each variant, taken in turn, so that what else happens on the machine meets all of them alike. */
export async function measureInTurn(
  variants: readonly Variant[],
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(variants.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const variant of variants) samples.get(variant.name)?.push(await measure(variant, seconds))
  }
  return samples
}

/** The middle one of several numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
