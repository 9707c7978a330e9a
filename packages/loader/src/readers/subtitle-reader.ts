import type { Segment } from '@quern/core'
import { decodeText } from './decode-text.ts'
import { corruptFile } from './reader-errors.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

/** What stands between the times of a cue, in SubRip and WebVTT alike; hours may be missing. */
const timing = /^(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{3})[ \t]+-->[ \t]+(?:\d+:)?\d{1,2}:\d{2}[.,]\d{3}/
const markup = /<\/?(?:[a-z][^>]*|\d[\d:.]*)>|\{\\[^}]*\}/gi

interface Cue {
  readonly time: string
  readonly text: string
}

function toTime([, hours = '0', minutes = '', seconds = '', thousandths = '']: RegExpExecArray): string {
  return `${hours.padStart(2, '0')}:${minutes.padStart(2, '0')}:${seconds}.${thousandths}`
}

function readCue(block: string): Cue | undefined {
  const lines = block.split('\n')
  const at = lines.findIndex((line) => timing.test(line))
  const found = timing.exec(lines[at] ?? '')
  if (found === null) return undefined
  const text = lines
    .slice(at + 1)
    .map((line) => line.replaceAll(markup, '').trim())
    .filter((line) => line !== '')
    .join(' ')
  return text === '' ? undefined : { time: toTime(found), text }
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
  const { text, encoding } = await decodeText(bytes, { sourceId })
  const cues: Cue[] = []
  for (const block of text.split(/\n[ \t]*\n/)) {
    const cue = readCue(block)
    // Captions that roll up repeat the line before.
    if (cue !== undefined && cue.text !== cues.at(-1)?.text) cues.push(cue)
  }
  if (cues.length === 0 && text.replace(/^WEBVTT.*/, '').trim() !== '')
    throw corruptFile(sourceId, 'it has no cue with a time')
  return { ...joinCues(cues), metadata: encoding === undefined ? {} : { encoding } }
}

/** Reads what is spoken in SubRip and WebVTT subtitles, one cue a line; segments tell the times. Numbers, styles and notes are left out. */
export const subtitleReader: Reader = {
  name: 'subtitles',
  version: 1,
  mediaType: 'text/vtt',
  extensions: ['.srt', '.vtt'],
  read: readSubtitles,
}
