import { crc32, deflateRawSync } from 'node:zlib'

/** How an entry of an archive deviates from a sound one. */
export interface ZipEntryOptions {
  readonly content: string | Uint8Array
  /** The packed content, where `content` would be too long to make; `claimedSize` is then that of what it unpacks to. */
  readonly packed?: Uint8Array
  /** Unpacked size that the archive claims. */
  readonly claimedSize?: number
  readonly encrypted?: boolean
  /** Compression method that the archive claims. */
  readonly method?: number
}

function header(name: Buffer, { content, claimedSize, encrypted = false, method = 8, ...given }: ZipEntryOptions) {
  const bytes = Buffer.from(content)
  const packed = given.packed ?? deflateRawSync(bytes)
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(encrypted ? 0x801 : 0x800, 2)
  fields.writeUInt16LE(method, 4)
  fields.writeUInt32LE(crc32(bytes), 10)
  fields.writeUInt32LE(packed.length, 14)
  fields.writeUInt32LE(claimedSize ?? bytes.length, 18)
  fields.writeUInt16LE(name.length, 22)
  return { fields, packed }
}

/** Writes a ZIP archive (PKWARE APPNOTE 4.3): deflated entries, UTF-8 names. */
export function makeZip(entries: Readonly<Record<string, string | Uint8Array | ZipEntryOptions>>): Uint8Array {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [entryName, entry] of Object.entries(entries)) {
    const name = Buffer.from(entryName)
    const options = typeof entry === 'string' || entry instanceof Uint8Array ? { content: entry } : entry
    const { fields, packed } = header(name, options)
    const file = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, name, packed])
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), fields, place, name]))
    local.push(file)
    offset += file.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(central.length, 4)
  end.writeUInt16LE(central.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...local, directory, Buffer.from('PK\u0005\u0006'), end])
}
