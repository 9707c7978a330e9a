import type { ReportData } from '../../src/report-page/report-data.ts'

/** What a document may hold to break out of a page. */
export const hostileText = `</script><script>window.broken = true</script><!-- <img src="http://127.0.0.1:9/x.png" onerror="window.broken = true"> \u2028 "'`

/** Data of a report in which every text is hostile. */
export function hostileReport(): ReportData {
  return {
    store: { path: hostileText, type: 'json', bytes: 1234, updatedAt: hostileText },
    model: { name: hostileText, dimensions: 3 },
    sources: 2,
    chunks: 40,
    madeAt: '2026-11-24T08:00:00.000Z',
    folders: [`docs ${hostileText}`, 'notes'],
    points: Array.from({ length: 40 }, (_, index) => ({
      x: (index % 8) / 7,
      y: Math.floor(index / 8) / 4,
      folder: index % 2,
      place: `docs/${index}.md:1 ${hostileText}`,
      headings: hostileText,
      text: index === 13 ? `a needle ${hostileText}` : `text of ${index} ${hostileText}`,
    })),
    lengths: { width: 16, counts: [3, 20, 17], longest: 44, window: 64 },
    biggest: [{ source: hostileText, chunks: 40, bytes: 9999 }],
    duplicates: [
      {
        score: 0.97,
        pairs: 2,
        sameText: false,
        a: { place: hostileText, text: hostileText },
        b: { place: 'b', text: 'b' },
      },
    ],
    lastRun: {
      finishedAt: '2026-11-24T08:00:00.000Z',
      failures: [{ source: hostileText, code: 'CORRUPT', message: hostileText }],
      failuresLeftOut: 0,
    },
  }
}
