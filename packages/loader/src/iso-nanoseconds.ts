const nanosecondsPerSecond = 1_000_000_000n
/** The range of ECMAScript's dates, in seconds; a file system can hold times beyond it. */
const lastSecond = 8_640_000_000_000n

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return dividend % divisor < 0n ? quotient - 1n : quotient
}

/**
 * A moment, in nanoseconds since 1970, as ISO 8601 in UTC with nine decimals (`2026-11-23T08:15:30.123456789Z`). Moments
 * beyond the range of `Date` become its last or first second.
 */
export function isoNanoseconds(nanoseconds: bigint): string {
  const second = floorDivide(nanoseconds, nanosecondsPerSecond)
  const fraction = nanoseconds - second * nanosecondsPerSecond
  const bounded = second >= lastSecond ? lastSecond - 1n : second < -lastSecond ? -lastSecond : second
  const date = new Date(Number(bounded) * 1000).toISOString()
  return `${date.slice(0, -'.000Z'.length)}.${String(fraction).padStart(9, '0')}Z`
}

/** The clock's time in the form of `isoNanoseconds`; its grain is a millisecond. */
export function isoNow(): string {
  return isoNanoseconds(BigInt(Date.now()) * 1_000_000n)
}
