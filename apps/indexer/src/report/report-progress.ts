import type { ReportEvent } from '../report-page/report-data.ts'
import { formatCount, formatQuantity } from './format.ts'

/** Where the making of a report stands, on one line. */
export function reportProgress(event: ReportEvent): string {
  switch (event.type) {
    case 'chunks-read':
      return `reading: ${formatCount(event.chunks)}/${formatQuantity(event.total, 'chunk')}`
    case 'chunks-compared':
      return `comparing: ${formatCount(event.chunks)}/${formatQuantity(event.total, 'chunk')}`
    case 'map-drawn':
      return `drawing the map: ${Math.floor((100 * event.round) / event.rounds)} %`
  }
}
