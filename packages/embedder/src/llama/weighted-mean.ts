/** The mean of vectors of equal length, each with a weight, in double precision. */
export function weightedMean(vectors: readonly ArrayLike<number>[], weights: readonly number[]): Float64Array {
  const mean = new Float64Array(vectors[0]?.length ?? 0)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  for (const [index, vector] of vectors.entries()) {
    const share = (weights[index] as number) / total
    for (let i = 0; i < mean.length; i++) mean[i] = (mean[i] as number) + (vector[i] as number) * share
  }
  return mean
}
