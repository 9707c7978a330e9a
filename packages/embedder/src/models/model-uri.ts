import { QuernError } from '@quern/core'

/** Where `hf:` URIs and names on the hub lead unless another endpoint is given; the same as in node-llama-cpp. */
const defaultEndpoint = 'https://huggingface.co'

/** The address of a Hugging Face or a mirror of it, without a slash at the end. */
export function hubAddress(endpoint: string = defaultEndpoint): string {
  return endpoint.replace(/\/+$/, '')
}

/** A file in a repository on a hub. */
export interface HubFile {
  /** `<owner>/<name>`. */
  readonly repository: string
  /** A branch, tag or commit. */
  readonly revision: string
  readonly path: string
}

/** The address of the bytes of a file on a hub. */
export function hubFileUrl({ repository, revision, path }: HubFile, endpoint: string | undefined): string {
  const file = path.split('/').map(encodeURIComponent).join('/')
  return `${hubAddress(endpoint)}/${repository}/resolve/${encodeURIComponent(revision)}/${file}?download=true`
}

function uriInvalid(uri: string, reason: string): QuernError {
  return new QuernError('OPTION_INVALID', `the model URI ${uri} ${reason}`, {
    hint: 'Give hf:<owner>/<repository>/<file>.gguf, or the http(s) address of a .gguf file.',
    details: { uri },
  })
}

function parseHuggingFaceUri(uri: string): HubFile {
  const [location = '', revision = 'main'] = uri.slice('hf:'.length).split('#')
  const [owner = '', name = '', ...path] = location.split('/')
  if (owner === '' || name === '' || path.length === 0) throw uriInvalid(uri, 'names no owner, repository and file')
  return { repository: `${owner}/${name}`, revision, path: path.join('/') }
}

/**
 * The address that a model URI stands for: `hf:<owner>/<repository>/<file>` (with `#<branch>` where it is not `main`) below
 * `endpoint`, which is a Hugging Face or a mirror of it; an http(s) address stands for itself. Throws `OPTION_INVALID`.
 */
export function modelUrl(uri: string, endpoint?: string): string {
  if (/^https?:\/\//.test(uri)) return uri
  if (!uri.startsWith('hf:')) throw uriInvalid(uri, 'begins with neither hf: nor http(s)://')
  return hubFileUrl(parseHuggingFaceUri(uri), endpoint)
}

/** The name of the file that a model URI leads to. Throws `OPTION_INVALID` where it is not a plain name that ends in `.gguf`. */
export function modelFileName(uri: string): string {
  const { pathname } = new URL(modelUrl(uri))
  const name = decodeURIComponent(pathname.slice(pathname.lastIndexOf('/') + 1))
  // The name becomes a path on this machine.
  if (!/^[\w][\w.+-]*\.gguf$/i.test(name))
    throw uriInvalid(uri, `leads to "${name}", which is not the name of a .gguf file`)
  return name
}
