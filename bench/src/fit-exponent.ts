/** One size of a problem, and what it cost. */
export interface Cost {
  readonly size: number
  readonly cost: number
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length
}

/**
 * The exponent b of cost = a · sizeᵇ that fits best: the slope of the least-squares line through the logarithms. 1 is linear, 2 quadratic; not a number for
 * fewer than two sizes.
 */
export function fitExponent(costs: readonly Cost[]): number {
  const points = costs.map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(cost) }))
  const meanX = mean(points.map(({ x }) => x))
  const meanY = mean(points.map(({ y }) => y))
  const covariance = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0)
  const variance = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0)
  return variance === 0 ? Number.NaN : covariance / variance
}
