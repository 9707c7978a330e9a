import { posix } from 'node:path'
import type { Segment } from '@quern/core'
import { decodeText } from './decode-text.ts'
import { corruptFile } from './reader-errors.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

/** What stands between the times of a cue, in SubRip and WebVTT alike; hours may be missing. */
const timing = /^(?:(\d{1,4}):)?(\d{1,2}):(\d{2})[.,](\d{3})[ \t]+-->[ \t]+(?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{3}/
// Neither part runs over the begin of the next, so that the time is linear in the text.
const markup = /<\/?(?:[a-z][^<>]*|\d[\d:.]*)>|\{\\[^{}]*\}/gi

interface Cue {
  readonly time: string
  readonly text: string
}

function toTime([, hours = '0', minutes = '', seconds = '', thousandths = '']: RegExpExecArray): string {
  return `${hours.padStart(2, '0')}:${minutes.padStart(2, '0')}:${seconds}.${thousandths}`
}

function cueText(lines: readonly string[]): string {
  return lines
    .map((line) => line.replaceAll(markup, '').trim())
    .filter((line) => line !== '')
    .join(' ')
}

/** The cues in order. A line with times begins one; a blank line ends it, and so do the number and times of the next. */
function* readCues(text: string): Generator<Cue> {
  let time: string | undefined
  let lines: string[] = []
  const take = function* (): Generator<Cue> {
    const spoken = time === undefined ? '' : cueText(lines)
    if (time !== undefined && spoken !== '') yield { time, text: spoken }
    time = undefined
    lines = []
  }
  for (const line of text.split('\n')) {
    const found = timing.exec(line)
    if (found !== null) {
      // Without a blank line before it, the number of this cue was taken for the last line of the one before.
      if (/^\d+$/.test(lines.at(-1) ?? '')) lines.pop()
      yield* take()
      time = toTime(found)
    } else if (line.trim() === '') yield* take()
    else if (time !== undefined) lines.push(line)
  }
  yield* take()
}

/** The texts of the cues, one a line, each with a segment that tells when it is spoken. */
function joinCues(cues: readonly Cue[]): Pick<ReadResult, 'pageContent' | 'segments'> {
  const segments: Segment[] = []
  let pageContent = ''
  for (const { time, text } of cues) {
    const start = pageContent.length
    pageContent += `${text}\n`
    segments.push({ start, end: pageContent.length, time })
  }
  return { pageContent, segments }
}

async function readSubtitles({ bytes, sourceId, signal }: ReadRequest): Promise<ReadResult> {
  signal?.throwIfAborted()
  const { text, ...encoding } = await decodeText(bytes, { sourceId })
  const cues: Cue[] = []
  for (const cue of readCues(text)) {
    // Captions that roll up repeat the line before.
    if (cue.text !== cues.at(-1)?.text) cues.push(cue)
  }
  if (cues.length === 0 && text.replace(/^WEBVTT.*/, '').trim() !== '')
    throw corruptFile(sourceId, 'it has no cue with a time')
  const isSubRip = posix.extname(sourceId).toLowerCase() === '.srt'
  return { ...joinCues(cues), metadata: { ...(isSubRip ? { mediaType: 'application/x-subrip' } : {}), ...encoding } }
}

/** Reads what is spoken in SubRip and WebVTT subtitles, one cue a line; segments tell the times. Numbers, styles and notes are left out. */
export const subtitleReader: Reader = {
  name: 'subtitles',
  version: 2,
  mediaType: 'text/vtt',
  extensions: ['.srt', '.vtt'],
  read: readSubtitles,
}
