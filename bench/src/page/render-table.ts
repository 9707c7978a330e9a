import { formatHead, formatRow } from '../report.ts'

/** A table in Markdown; the first row is its head. */
export function renderTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  return [formatHead(head), ...rows.map(formatRow)].join('\n')
}

/** Whether a goal is met, for a cell. */
export function renderVerdict(met: boolean): string {
  return met ? 'met' : '**missed**'
}
