import { errorMessage } from '@quern/core'
import { OfficeError } from './office-error.ts'
import { createXmlDecoder } from './xml-decoder.ts'
import type { XmlDecoder } from './xml-decoder.ts'

/** Attributes by their names as they stand, prefix included. */
export type XmlAttributes = Readonly<Record<string, string>>

/** Told of a document's parts in order. Names come without their prefix. */
export interface XmlHandler {
  open?(name: string, attributes: XmlAttributes): void
  text?(text: string): void
  close?(name: string): void
}

export interface ParseXmlOptions {
  /** Accept a document type with declarations of its own; they are not read. Default false: office formats have none, attacks do. */
  readonly doctype?: boolean
}

const deepest = 512
/** Longest piece of XML between the begin or end of elements: in between, all of it is held. */
const longestPiece = 2 ** 25

/** An attribute by its name without the prefix. */
export function attribute(attributes: XmlAttributes, name: string): string | undefined {
  if (name in attributes) return attributes[name]
  const key = Object.keys(attributes).find((candidate) => candidate.endsWith(`:${name}`))
  return key === undefined ? undefined : attributes[key]
}

/** The id of a relationship (`r:id`), which has a prefix of its own beside a plain `id`. */
export function relationshipId(attributes: XmlAttributes): string | undefined {
  const key = Object.keys(attributes).find((candidate) => candidate.endsWith(':id'))
  return key === undefined ? undefined : attributes[key]
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

/**
 * Parses XML as it comes, whatever its length. Rejects with `CORRUPT` for what is not well-formed or declares entities, with `RESOURCE_LIMIT`
 * for what is nested over 512 deep or holds a text of over 32 MiB. Entities of its own are never resolved.
 */
export async function parseXml(
  blocks: AsyncIterable<Uint8Array>,
  handler: XmlHandler,
  { doctype = false }: ParseXmlOptions = {},
): Promise<void> {
  const { SaxesParser } = await import('saxes')
  const parser = new SaxesParser()
  let depth = 0
  let sinceTag = 0
  parser.on('error', (error) => {
    throw new OfficeError('CORRUPT', `its XML is damaged (${errorMessage(error).slice(0, 200)})`, { cause: error })
  })
  parser.on('doctype', (content) => {
    if (!doctype && content.includes('['))
      throw new OfficeError('CORRUPT', 'its XML declares entities, which the format forbids')
  })
  parser.on('opentag', ({ name, attributes }) => {
    sinceTag = 0
    if (++depth > deepest) throw new OfficeError('RESOURCE_LIMIT', `its XML is nested more than ${deepest} deep`)
    handler.open?.(localName(name), attributes)
  })
  parser.on('closetag', ({ name }) => {
    depth--
    sinceTag = 0
    handler.close?.(localName(name))
  })
  const onText = (text: string): void => handler.text?.(text)
  parser.on('text', onText)
  parser.on('cdata', onText)
  let decoder: XmlDecoder | undefined
  for await (const block of blocks) {
    decoder ??= createXmlDecoder(block)
    sinceTag += block.length
    parser.write(decoder.decode(block))
    if (sinceTag > longestPiece) {
      throw new OfficeError('RESOURCE_LIMIT', `its XML has a piece of more than ${longestPiece} bytes without elements`)
    }
  }
  parser.write(decoder?.end() ?? '')
  parser.close()
}
