import { isUtf8 } from 'node:buffer'
import { errorMessage } from '@quern/core'
import type { Address, Email } from 'postal-mime'
import { decodeText, normalizeText } from './decode-text.ts'
import type { EncodingMetadata } from './decode-text.ts'
import { documentMetadata } from './document-metadata.ts'
import { htmlToMarkdown } from './html/html-to-markdown.ts'
import { corruptFile } from './reader-errors.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

/** Deepest nesting of parts, and most bytes of headers: more is no letter but an attack. */
const limits = { maxNestingDepth: 32, maxHeadersSize: 2 ** 20 }

/** A date (RFC 5322, sections 3.3 and 4.3) with its zone, if it has one, and a comment after it. */
const dateAndTime =
  /^((?:[A-Z]{3,9},?\s+)?\d{1,2}\s+[A-Z]{3,9}\s+\d{2,4}\s+\d{1,2}:\d{2}(?::\d{2})?)(?:\s+([+-]\d{4}|[A-Z]{1,4}))?\s*(?:\(|$)/i
const longestDate = 100

function addressLine({ name, address, group }: Address): string {
  if (group !== undefined) return group.map((member) => addressLine(member)).join(', ')
  if (name === '' || name === undefined) return address ?? ''
  return address === undefined || address === '' ? name : `${name} <${address}>`
}

function headerOf({ headers }: Email, key: string): string | undefined {
  return headers.find((header) => header.key === key)?.value.trim()
}

/** The date of the letter as ISO 8601, in UTC where it names no zone; undefined where it has none or one that is no date. */
function letterDate(mail: Email): string | undefined {
  const [, moment, zone = '+0000'] = dateAndTime.exec(headerOf(mail, 'date')?.slice(0, longestDate) ?? '') ?? []
  const time = moment === undefined ? Number.NaN : Date.parse(`${moment} ${zone}`)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}

async function bodyOf({ text, html }: Email, { sourceId, timeoutMs, signal }: ReadRequest): Promise<string> {
  if (text !== undefined && text.trim() !== '') return text
  if (html === undefined) return ''
  return (await htmlToMarkdown(html, { sourceId, timeoutMs, signal })).text
}

async function parse(bytes: Uint8Array, sourceId: string): Promise<Email> {
  const { default: PostalMime } = await import('postal-mime')
  try {
    return await PostalMime.parse(bytes, limits)
  } catch (error) {
    throw corruptFile(sourceId, errorMessage(error), error)
  }
}

/** The letter. One whose text has bytes beyond ASCII without saying in which encoding is read in the one that these suggest. */
async function parseLetter({ bytes, sourceId }: ReadRequest): Promise<{ mail: Email; encoding: EncodingMetadata }> {
  const mail = await parse(bytes, sourceId)
  const isDamaged = [mail.subject, mail.text, mail.html].some((part) => part?.includes('\uFFFD') === true)
  if (!isDamaged || isUtf8(bytes)) return { mail, encoding: {} }
  const { text, ...encoding } = await decodeText(bytes, { sourceId })
  return { mail: await parse(new TextEncoder().encode(text), sourceId), encoding }
}

async function readMail(request: ReadRequest): Promise<ReadResult> {
  request.signal?.throwIfAborted()
  const { mail, encoding } = await parseLetter(request)
  if (mail.headers.length === 0) throw corruptFile(request.sourceId, 'it has no headers of a letter')
  const subject = normalizeText(mail.subject ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const body = normalizeText(await bodyOf(mail, request)).trim()
  const attachments = mail.attachments.map(({ filename }) => filename).filter((name) => name !== null)
  return {
    pageContent: subject === '' ? body : `# ${subject}\n\n${body}`,
    metadata: {
      ...documentMetadata({
        title: subject,
        author: mail.from === undefined ? undefined : addressLine(mail.from),
        date: letterDate(mail),
        language: headerOf(mail, 'content-language'),
        to: mail.to?.map((address) => addressLine(address)).join(', '),
        messageId: mail.messageId,
        ...(attachments.length === 0 ? {} : { attachments }),
      }),
      ...encoding,
    },
  }
}

/** Reads letters (RFC 5322): the subject as a heading, the text or else the HTML. Attachments are named, not read. */
export const mailReader: Reader = {
  name: 'mail',
  version: 2,
  mediaType: 'message/rfc822',
  extensions: ['.eml'],
  read: readMail,
}
