const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const fine = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** A whole number with thousands separated: `21,034`. */
export function formatCount(value: number): string {
  return whole.format(value)
}

/** A count with its noun: `1 chunk`, `2 chunks`. */
export function formatQuantity(value: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(value)} ${value === 1 ? singular : plural}`
}

/** A rate: one decimal under 10, whole above. */
export function formatRate(value: number): string {
  return value < 10 ? fine.format(value) : whole.format(value)
}

/** A duration: `850 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(milliseconds: number): string {
  if (Math.round(milliseconds) < 1000) return `${Math.round(milliseconds)} ms`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 60) return `${fine.format(milliseconds / 1000)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${formatCount(Math.floor(minutes / 60))} h ${minutes % 60} min`
}

const units = ['B', 'kB', 'MB', 'GB', 'TB']

/** A size in powers of 1000: `512 B`, `1.2 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${fine.format(value)} ${units[unit] ?? ''}`
}
