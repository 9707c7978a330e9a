/** A number of seconds for people: three significant digits in ms or s. */
export function formatSeconds(seconds: number): string {
  return seconds < 1 ? `${formatNumber(seconds * 1000)} ms` : `${formatNumber(seconds)} s`
}

/** A number of bytes for people, in MB of 1,000,000 bytes. */
export function formatMegabytes(bytes: number): string {
  return `${formatNumber(bytes / 1e6)} MB`
}

/** A ratio for people: `12×`, `1.5×`; a dash where there is nothing to compare with. */
export function formatRatio(ratio: number): string {
  return Number.isFinite(ratio) ? `${formatNumber(ratio, 2)}×` : '–'
}

/** A whole number with a comma before thousands. */
export function formatCount(value: number): string {
  return formatNumber(value, 1)
}

/** A number of at least this many significant digits, with a comma before thousands. */
export function formatNumber(value: number, digits = 3): string {
  const decimals = value === 0 ? 0 : Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value))))
  return value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}

/** A row of a table in Markdown. */
export function formatRow(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** The head of a table in Markdown; its rows follow as they are measured. */
export function formatHead(cells: readonly string[]): string {
  return `${formatRow(cells)}\n|${'---|'.repeat(cells.length)}`
}
