import { expect, test } from 'vitest'
import { mailReader } from '../../src/readers/mail-reader.ts'
import { readRequest } from './read-request.ts'

test('a letter is its subject and text, with sender, recipients and date as metadata', async () => {
  const mail =
    'From: =?utf-8?q?Ada_L=C3=B6ve?= <ada@example.org>\r\nTo: Bob <bob@example.org>, c@example.org\r\nSubject: Mills\r\nDate: Mon, 23 Nov 2026 08:15:30 +0100\r\nMessage-ID: <1@x>\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGr=FC=DFe\r\n'
  const { pageContent, metadata } = await mailReader.read(readRequest(mail))
  expect(pageContent).toBe('# Mills\n\nGrüße')
  expect(metadata).toEqual({
    title: 'Mills',
    author: 'Ada Löve <ada@example.org>',
    date: '2026-11-23T07:15:30.000Z',
    to: 'Bob <bob@example.org>, c@example.org',
    messageId: '<1@x>',
  })
})

test('HTML is read where there is no plain text, and attachments are named', async () => {
  const mail =
    'Subject: Report\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<h2>Flour</h2><p>White.</p>\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\nx\r\n--b--\r\n'
  const { pageContent, metadata } = await mailReader.read(readRequest(mail))
  expect(pageContent).toBe('# Report\n\n## Flour\n\nWhite.')
  expect(metadata).toMatchObject({ attachments: ['a.pdf'] })
})

test('a bad date is no date', async () => {
  const { metadata } = await mailReader.read(readRequest('Subject: x\r\nDate: yesterday\r\n\r\nbody'))
  expect(metadata).toEqual({ title: 'x' })
})

test('parts nested beyond all reason are refused', async () => {
  let mail = 'Subject: x\r\n'
  for (let depth = 0; depth < 300; depth++)
    mail += `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n`
  await expect(mailReader.read(readRequest(mail))).rejects.toMatchObject({ code: 'CORRUPT' })
})
