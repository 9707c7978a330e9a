const dayMs = 86_400_000
/** Day 0 of the two date systems; the first counts a 29 February 1900 that never was, so it fits from March 1900 on. */
const epochs = { 1900: Date.UTC(1899, 11, 30), 1904: Date.UTC(1904, 0, 1) }
/** The last day that the format knows, 9999-12-31. */
const lastDay = 2_958_465

/** A day number of a spreadsheet as `2026-11-23`, `2026-11-23 08:15:30` or, below one day, `08:15:30`; undefined for what is no date. */
export function serialDate(serial: number, system: 1900 | 1904): string | undefined {
  if (!Number.isFinite(serial) || serial < 0 || serial > lastDay + 1) return undefined
  const seconds = Math.round(serial * 86_400)
  const [day = '', time = ''] = new Date(epochs[system] + seconds * 1000).toISOString().slice(0, 19).split('T')
  if (seconds * 1000 < dayMs) return time
  return time === '00:00:00' ? day : `${day} ${time}`
}
