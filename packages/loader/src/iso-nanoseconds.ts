const secondsPerDay = 86_400
const nanosecondsPerSecond = 1_000_000_000n
/** The range of ECMAScript's dates, in seconds; a file system can hold times beyond it. */
const lastSecond = 8_640_000_000_000n

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return quotient * divisor > dividend ? quotient - 1n : quotient
}

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

/** Remembers the last answer: the files of a folder were often changed on one day, and are looked at within one millisecond. */
function rememberLast(format: (moment: number) => string): (moment: number) => string {
  let last: number | undefined
  let text = ''
  return (moment) => {
    if (moment !== last) {
      text = format(moment)
      last = moment
    }
    return text
  }
}

const isoDay = rememberLast((day) =>
  new Date(day * secondsPerDay * 1000).toISOString().slice(0, -'00:00:00.000Z'.length),
)
/** The second as `Date` writes it, which takes longer. */
function isoSecond(second: number): string {
  const day = Math.floor(second / secondsPerDay)
  const inDay = second - day * secondsPerDay
  const [hours, minutes, seconds] = [Math.floor(inDay / 3600), Math.floor(inDay / 60) % 60, inDay % 60]
  return `${isoDay(day)}${twoDigits[hours]}:${twoDigits[minutes]}:${twoDigits[seconds]}.`
}

const isoMillisecond = rememberLast((millisecond) => new Date(millisecond).toISOString().slice(0, -1))

/**
 * A moment, in nanoseconds since 1970, as ISO 8601 in UTC with nine decimals (`2026-11-23T08:15:30.123456789Z`). Moments
 * beyond the range of `Date` become its last or first second.
 */
export function isoNanoseconds(nanoseconds: bigint): string {
  const second = floorDivide(nanoseconds, nanosecondsPerSecond)
  const fraction = Number(nanoseconds - second * nanosecondsPerSecond)
  const bounded = second >= lastSecond ? lastSecond - 1n : second < -lastSecond ? -lastSecond : second
  return `${isoSecond(Number(bounded))}${String(fraction).padStart(9, '0')}Z`
}

/** The clock's time in the form of `isoNanoseconds`; its grain is a millisecond. */
export function isoNow(): string {
  return `${isoMillisecond(Date.now())}000000Z`
}
