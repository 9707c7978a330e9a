import type { Results } from '../results/read-results.ts'
import { drawClassic, drawGrowth, drawPeers, drawRuns } from './draw-plots.ts'
import { renderClassic } from './render-classic.ts'
import { renderEndToEnd } from './render-end-to-end.ts'
import { renderPeers } from './render-peers.ts'

const images = 'images/benchmarks'

const intro = `# Benchmarks

How fast, compared with what. This page is made from the results in [bench/results](../bench/results) by \`pnpm --filter @quern/bench page\`; a test compares the two, so no figure is typed by hand.
Each part names the command that made it, which takes minutes and prints the same tables. Goals were set beforehand, and what is missed stands here as well. Single stages (embedding, chunker, stores, loader, planning, memory,
quality of retrieval) have their own commands and records in [bench/README.md](../bench/README.md).`

/** The page and its pictures, by path relative to the folder of the documentation. */
export function generatePage(results: Results): Map<string, string> {
  const files = new Map<string, string>()
  const addPlot = (name: string, alt: string, picture: string): string => {
    const path = `${images}/${name}.svg`
    files.set(path, picture)
    return `![${alt}](${path})`
  }
  const parts = [intro]
  const { classic, peers, 'end-to-end': endToEnd } = results
  if (classic !== undefined) {
    const plot = addPlot('classic', 'Bars: times of the naive way and of Quern', drawClassic(classic.figures))
    parts.push('## The classic example', renderClassic(classic, [plot]))
  }
  if (endToEnd !== undefined) {
    const plots = [
      addPlot('end-to-end', 'Bars: times of whole runs', drawRuns(endToEnd.figures)),
      addPlot('growth', 'Lines: time over the number of chunks', drawGrowth(endToEnd.figures)),
    ]
    parts.push('## End to end', renderEndToEnd(endToEnd, plots))
  }
  if (peers !== undefined) {
    const plot = addPlot('peers', 'Bars: times of the peers and of Quern', drawPeers(peers.figures))
    parts.push('## Peers', renderPeers(peers, [plot]))
  }
  return files.set('benchmarks.md', `${parts.join('\n\n')}\n`)
}
