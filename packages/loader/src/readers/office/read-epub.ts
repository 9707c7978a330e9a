import { posix } from 'node:path'
import { decodeText } from '../decode-text.ts'
import { declaredEncoding } from '../html/declared-encoding.ts'
import { htmlToMarkdown } from '../html/html-to-markdown.ts'
import type { OfficeDocument } from './office-document.ts'
import { checkLength } from './office-document.ts'
import { OfficeError } from './office-error.ts'
import { attribute, parseXml } from './parse-xml.ts'
import { bookProperties, readCoreProperties } from './read-core-properties.ts'
import { presentParts } from './present-parts.ts'
import type { ZipArchive } from './zip-archive.ts'

const container = 'META-INF/container.xml'
const encryption = 'META-INF/encryption.xml'
/** Fonts are often made unreadable for other programs; that hides no text. */
const fontAlgorithms = /(?:idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC)/

async function refuseProtected(archive: ZipArchive): Promise<void> {
  if (!archive.has(encryption)) return
  await parseXml(archive.read(encryption), {
    open(name, attributes) {
      if (name !== 'EncryptionMethod' || fontAlgorithms.test(attribute(attributes, 'Algorithm') ?? '')) return
      throw new OfficeError('ENCRYPTED', 'it is protected against copying (DRM)')
    },
  })
}

async function findPackage(archive: ZipArchive): Promise<string> {
  let path: string | undefined
  await parseXml(archive.read(container), {
    open(name, attributes) {
      if (name === 'rootfile') path ??= attribute(attributes, 'full-path')
    },
  })
  if (path === undefined) throw new OfficeError('CORRUPT', 'its container names no package')
  return path
}

/** The chapters in the order of reading, each once, though the book may name it again. The table of contents is left out. */
async function listChapters(archive: ZipArchive, path: string): Promise<readonly string[]> {
  const pages = new Map<string, string>()
  const order: string[] = []
  const folder = posix.dirname(path)
  await parseXml(
    archive.read(path),
    {
      open(name, attributes) {
        const id = attribute(attributes, 'id')
        const href = attribute(attributes, 'href')
        const isText = /xhtml|html/.test(attribute(attributes, 'media-type') ?? '')
        const isContents = /\bnav\b/.test(attribute(attributes, 'properties') ?? '')
        if (name === 'item' && id !== undefined && href !== undefined && isText && !isContents) pages.set(id, href)
        const reference = name === 'itemref' ? attribute(attributes, 'idref') : undefined
        if (reference !== undefined) order.push(reference)
      },
    },
    { doctype: true },
  )
  return [...new Set(order)].flatMap((id) => {
    const href = pages.get(id)?.split('#')[0]
    return href === undefined ? [] : [decodeHref(posix.join(folder, href))]
  })
}

function decodeHref(href: string): string {
  try {
    return decodeURIComponent(href)
  } catch {
    // Not percent-encoded after all: the name as it stands.
    return href
  }
}

/** Reads a book (EPUB 2 and 3): its chapters one below the other, as web pages are read. */
export async function readEpub(archive: ZipArchive, sourceId: string): Promise<OfficeDocument> {
  await refuseProtected(archive)
  const path = await findPackage(archive)
  const texts: string[] = []
  let length = 0
  const chapters = await listChapters(archive, path)
  if (chapters.length === 0) throw new OfficeError('CORRUPT', 'its package names no chapter')
  const { present, missing } = presentParts(archive, chapters)
  for (const chapter of present) {
    const bytes = await archive.readWhole(chapter)
    const page = await decodeText(bytes, { sourceId, declaredEncoding: declaredEncoding(bytes) })
    // The worker as a whole has a time limit.
    const { text } = await htmlToMarkdown(page.text, { sourceId, timeoutMs: Infinity })
    length += text.length
    checkLength(length)
    if (text.trim() !== '') texts.push(text.trim())
  }
  const declared = await readCoreProperties(archive, path, bookProperties)
  return { text: texts.join('\n\n'), declared, missingParts: missing }
}
