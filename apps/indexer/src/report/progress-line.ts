import { formatCount, formatDuration, formatQuantity, formatRate } from './format.ts'
import { printable } from './printable.ts'
import type { ProgressSnapshot } from './run-progress.ts'

const barWidth = 16
const shortestSource = 8

function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * barWidth)
  return '█'.repeat(filled) + '░'.repeat(barWidth - filled)
}

/** The end of a text, as much as fits; nothing where that would be too little to tell anything. */
export function fitEnd(text: string, width: number): string {
  const characters = Array.from(text)
  if (characters.length <= width) return text
  return width < shortestSource ? '' : `…${characters.slice(-(width - 1)).join('')}`
}

/** How far the embedding is, in parts; those for wide lines only come under `wide`. */
function describeEmbedding(at: ProgressSnapshot): { readonly narrow: string; readonly wide: string } {
  const counts = [
    `${formatCount(at.loaded)}/${formatQuantity(at.toProcess, 'source')}`,
    `${formatCount(at.embedded)}/${at.loaded < at.toProcess ? '~' : ''}${formatQuantity(at.expected, 'chunk')}`,
  ]
  const running = at.chunksPerSecond > 0
  const rates = running ? [`${formatRate(at.chunksPerSecond)} chunks/s`] : []
  const tokens = running ? [`${formatRate(at.tokensPerSecond)} tokens/s`] : []
  const secondsLeft = Math.ceil((at.remainingMs ?? 0) / 1000)
  const left = secondsLeft === 0 ? [] : [`${formatDuration(secondsLeft * 1000)} left`]
  return {
    narrow: [...counts, ...rates, ...left].join(' · '),
    wide: [...counts, ...rates, ...tokens, ...left].join(' · '),
  }
}

/**
 * One line on where a run stands, at most `width` characters, with a bar unless `plain`. The narrower it is, the less it says: first
 * the source goes, then the bar, then the tokens.
 */
export function progressLine(at: ProgressSnapshot, { width, plain }: { width: number; plain: boolean }): string {
  if (at.stage === 'listing') return `listing: ${formatQuantity(at.listed, 'source')}`
  if (at.stage === 'loading the model') return 'loading the model'
  const { narrow, wide } = describeEmbedding(at)
  const share = at.expected > 0 ? at.embedded / at.expected : at.loaded / Math.max(1, at.toProcess)
  const full = `${plain ? 'embedding:' : bar(share)} ${wide}`
  const line = [full, wide, narrow].find((text) => text.length <= width) ?? narrow.slice(0, width)
  const source = line === full ? fitEnd(printable(at.source), width - full.length - 3) : ''
  return source === '' ? line : `${line} · ${source}`
}
