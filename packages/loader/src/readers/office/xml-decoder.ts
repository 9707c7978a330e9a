import { OfficeError } from './office-error.ts'

/** Turns the blocks of an XML file into text, in order. Rejects with `CORRUPT` for bytes that are not in its encoding. */
export interface XmlDecoder {
  decode(block: Uint8Array): string
  /** What is left at the end of the file. */
  end(): string
}

const declaration = /^(?:\u00EF\u00BB\u00BF)?<\?xml\s[^>]{0,200}?\bencoding\s*=\s*["']([\w:.-]{1,40})/
const searchedBytes = 300

/** The encoding of an XML file by its first bytes (XML 1.0, appendix F). */
function encodingOf(head: Uint8Array): string {
  const [first, second] = head
  if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) return 'utf-16le'
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) return 'utf-16be'
  const text = Buffer.from(head.subarray(0, searchedBytes)).toString('latin1')
  const declared = declaration.exec(text)?.[1]?.toLowerCase() ?? 'utf-8'
  // The declaration itself could be read, so it is not in UTF-16, whatever it says.
  return declared.startsWith('utf-16') ? 'utf-8' : declared
}

function createTextDecoder(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch (error) {
    throw new OfficeError('CORRUPT', `its XML is in an unknown encoding (${encoding})`, { cause: error })
  }
}

/** A decoder for the XML file that begins with these bytes. */
export function createXmlDecoder(head: Uint8Array): XmlDecoder {
  const encoding = encodingOf(head)
  const decoder = createTextDecoder(encoding)
  const decode = (block: Uint8Array | undefined): string => {
    try {
      return block === undefined ? decoder.decode() : decoder.decode(block, { stream: true })
    } catch (error) {
      throw new OfficeError('CORRUPT', `its XML is not valid ${encoding}`, { cause: error })
    }
  }
  return { decode, end: () => decode(undefined) }
}
