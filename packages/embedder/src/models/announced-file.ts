/** What a server says of a file before it is downloaded. */
export interface AnnouncedFile {
  /** SHA-256 in hex, of servers that keep large files by their hash, as Hugging Face does. */
  readonly sha256: string | undefined
  /** Hash that git knows the file by, in hex, of servers that keep small files in git, as Hugging Face does. */
  readonly gitHash: string | undefined
  /** A strong validator: as long as it stays the same, so do the bytes. */
  readonly etag: string | undefined
  readonly bytes: number | undefined
  /** The commit of the repository that the file is of, of servers that keep repositories. */
  readonly commit: string | undefined
  /** Whether the server says that there is no such file. */
  readonly missing: boolean
}

const nothing: AnnouncedFile = {
  sha256: undefined,
  gitHash: undefined,
  etag: undefined,
  bytes: undefined,
  commit: undefined,
  missing: false,
}

const mostRedirects = 5

function sizeIn(text: string | null): number | undefined {
  const value = Number(text ?? Number.NaN)
  return Number.isSafeInteger(value) && value > 0 ? value : undefined
}

/** The hash of this many digits that a tag is, or undefined. */
function hashIn(tag: string | null, digits: 40 | 64): string | undefined {
  return new RegExp(`^(?:W/)?"?([0-9a-f]{${digits}})"?$`).exec(tag ?? '')?.[1]
}

/** What one answer says; of commit and git hash, what an earlier one has said, where this one does not. */
function describe({ headers, ok }: Response, earlier: AnnouncedFile): AnnouncedFile {
  const linked = headers.get('x-linked-etag')
  const etag = headers.get('etag') ?? undefined
  const commit = hashIn(headers.get('x-repo-commit'), 40) ?? earlier.commit
  // Elsewhere than in a repository, a tag of 40 digits may be anything.
  const isGitHash = commit !== undefined && ok
  return {
    sha256: hashIn(linked, 64),
    gitHash: hashIn(linked, 40) ?? (isGitHash ? hashIn(etag ?? null, 40) : undefined) ?? earlier.gitHash,
    etag: etag?.startsWith('"') === true ? etag : undefined,
    bytes: sizeIn(headers.get('x-linked-size')) ?? sizeIn(headers.get('content-length')),
    commit,
    missing: false,
  }
}

/**
 * Asks for the headers of a file. Hugging Face puts the checksum into `X-Linked-Etag` and the size into `X-Linked-Size` of the
 * redirect that leads to the bytes, or answers with git's hash as `ETag`, and names the commit in `X-Repo-Commit`; so redirects are
 * followed by hand. Of a server that does not answer HEAD nothing is known. Rejects with the network's error.
 */
export async function announcedFile(url: string, signal: AbortSignal): Promise<AnnouncedFile> {
  let address = url
  let said = nothing
  for (let hop = 0; hop <= mostRedirects; hop++) {
    // The length and tag of a compressed body are not those of the file.
    const headers = { 'accept-encoding': 'identity' }
    const response = await fetch(address, { method: 'HEAD', redirect: 'manual', headers, signal })
    if (response.status === 404) return { ...nothing, missing: true }
    said = describe(response, said)
    const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null
    if (said.sha256 !== undefined || (response.ok && location === null)) return said
    if (location === null) break
    address = new URL(location, address).href
  }
  return nothing
}
