import { expect, test } from 'vitest'
import { subtitleReader } from '../../src/readers/subtitle-reader.ts'
import { readRequest } from './read-request.ts'

test('cues of SubRip are lines with the time at which they begin', async () => {
  const srt =
    '1\r\n00:00:01,500 --> 00:00:04,000\r\n<i>A quern</i>\r\nis a mill.\r\n\r\n2\r\n01:02:03,004 --> 01:02:05,000\r\n{\\an8}It grinds.\r\n'
  const { pageContent, segments } = await subtitleReader.read(readRequest(srt))
  expect(pageContent).toBe('A quern is a mill.\nIt grinds.\n')
  expect(segments?.map(({ start, end, time }) => [pageContent.slice(start, end), time])).toEqual([
    ['A quern is a mill.\n', '00:00:01.500'],
    ['It grinds.\n', '01:02:03.004'],
  ])
})

test('WebVTT is read without its head, notes, settings, tags and repeated lines', async () => {
  const vtt =
    'WEBVTT - talk\n\nNOTE hidden\n\nid-1\n00:01.000 --> 00:02.000 align:start\n<v Ada>Hello <00:01.500>world\n\n00:02.000 --> 00:03.000\nHello world\n'
  const { pageContent, segments } = await subtitleReader.read(readRequest(vtt))
  expect(pageContent).toBe('Hello world\n')
  expect(segments).toEqual([{ start: 0, end: 12, time: '00:00:01.000' }])
})

test('a file without cues is damaged, an empty one is empty', async () => {
  await expect(subtitleReader.read(readRequest('just text'))).rejects.toMatchObject({ code: 'CORRUPT' })
  expect((await subtitleReader.read(readRequest('WEBVTT\n'))).pageContent).toBe('')
})
