/** What a server says of a file before it is downloaded. */
export interface AnnouncedFile {
  /** SHA-256 in hex, of servers that keep large files by their hash, as Hugging Face does. */
  readonly sha256: string | undefined
  /** A strong validator: as long as it stays the same, so do the bytes. */
  readonly etag: string | undefined
  readonly bytes: number | undefined
}

const mostRedirects = 5

function sizeIn(text: string | null): number | undefined {
  const value = Number(text ?? Number.NaN)
  return Number.isSafeInteger(value) && value > 0 ? value : undefined
}

function describe({ headers }: Response): AnnouncedFile {
  const linked = /^"?([0-9a-f]{64})"?$/.exec(headers.get('x-linked-etag') ?? '')?.[1]
  const etag = headers.get('etag') ?? undefined
  return {
    sha256: linked,
    etag: etag?.startsWith('"') === true ? etag : undefined,
    bytes: sizeIn(headers.get('x-linked-size')) ?? sizeIn(headers.get('content-length')),
  }
}

/**
 * Asks for the headers of a file. Hugging Face puts the checksum into `X-Linked-Etag` and the size into `X-Linked-Size` of the
 * redirect that leads to the bytes, so redirects are followed by hand. Of a server that does not answer HEAD nothing is known.
 * Rejects with the network's error.
 */
export async function announcedFile(url: string, signal: AbortSignal): Promise<AnnouncedFile> {
  let address = url
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const response = await fetch(address, { method: 'HEAD', redirect: 'manual', signal })
    const said = describe(response)
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
    if (said.sha256 !== undefined || (response.ok && location === null)) return said
    if (location === null) break
    address = new URL(location, address).href
  }
  return { sha256: undefined, etag: undefined, bytes: undefined }
}
