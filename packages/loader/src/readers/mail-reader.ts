import { errorMessage } from '@quern/core'
import type { Address, Email } from 'postal-mime'
import { normalizeText } from './decode-text.ts'
import { documentMetadata } from './document-metadata.ts'
import { htmlToMarkdown } from './html/html-to-markdown.ts'
import { corruptFile } from './reader-errors.ts'
import type { Reader, ReadRequest, ReadResult } from './reader.ts'

/** Deepest nesting of parts, and most bytes of headers: more is no letter but an attack. */
const limits = { maxNestingDepth: 32, maxHeadersSize: 2 ** 20 }

function addressLine({ name, address, group }: Address): string {
  if (group !== undefined) return group.map((member) => addressLine(member)).join(', ')
  if (name === '' || name === undefined) return address ?? ''
  return address === undefined || address === '' ? name : `${name} <${address}>`
}

/** The date of the letter as ISO 8601; undefined where it has none or one that is no date. */
function letterDate(date: string | undefined): string | undefined {
  const time = date === undefined ? Number.NaN : Date.parse(date)
  return Number.isNaN(time) ? undefined : new Date(time).toISOString()
}

async function bodyOf({ text, html }: Email, { sourceId, timeoutMs, signal }: ReadRequest): Promise<string> {
  if (text !== undefined && text.trim() !== '') return text
  if (html === undefined) return ''
  return (await htmlToMarkdown(html, { sourceId, timeoutMs, signal })).text
}

async function parse({ bytes, sourceId }: ReadRequest): Promise<Email> {
  const { default: PostalMime } = await import('postal-mime')
  try {
    return await PostalMime.parse(bytes, limits)
  } catch (error) {
    throw corruptFile(sourceId, errorMessage(error), error)
  }
}

async function readMail(request: ReadRequest): Promise<ReadResult> {
  request.signal?.throwIfAborted()
  const mail = await parse(request)
  if (mail.headers.length === 0) throw corruptFile(request.sourceId, 'it has no headers of a letter')
  const subject = mail.subject?.trim() ?? ''
  const body = normalizeText(await bodyOf(mail, request)).trim()
  const attachments = mail.attachments.map(({ filename }) => filename).filter((name) => name !== null)
  return {
    pageContent: normalizeText(subject === '' ? body : `# ${subject}\n\n${body}`),
    metadata: documentMetadata({
      title: subject,
      author: mail.from === undefined ? undefined : addressLine(mail.from),
      date: letterDate(mail.date),
      to: mail.to?.map((address) => addressLine(address)).join(', '),
      messageId: mail.messageId,
      ...(attachments.length === 0 ? {} : { attachments }),
    }),
  }
}

/** Reads letters (RFC 5322): the subject as a heading, the text or else the HTML. Attachments are named, not read. */
export const mailReader: Reader = {
  name: 'mail',
  version: 1,
  mediaType: 'message/rfc822',
  extensions: ['.eml'],
  read: readMail,
}
