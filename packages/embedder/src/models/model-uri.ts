import { QuernError } from '@quern/core'

/** Where `hf:` URIs lead unless another endpoint is given; the same as in node-llama-cpp. */
const defaultEndpoint = 'https://huggingface.co'

function uriInvalid(uri: string, reason: string): QuernError {
  return new QuernError('OPTION_INVALID', `the model URI ${uri} ${reason}`, {
    hint: 'Give hf:<owner>/<repository>/<file>.gguf, or the http(s) address of a .gguf file.',
    details: { uri },
  })
}

function parseHuggingFaceUri(uri: string): { repository: string; branch: string; path: string } {
  const [location = '', branch = 'main'] = uri.slice('hf:'.length).split('#')
  const [owner = '', name = '', ...path] = location.split('/')
  if (owner === '' || name === '' || path.length === 0) throw uriInvalid(uri, 'names no owner, repository and file')
  return { repository: `${owner}/${name}`, branch, path: path.join('/') }
}

/**
 * The address that a model URI stands for: `hf:<owner>/<repository>/<file>` (with `#<branch>` where it is not `main`) below
 * `endpoint`, which is a Hugging Face or a mirror of it; an http(s) address stands for itself. Throws `OPTION_INVALID`.
 */
export function modelUrl(uri: string, endpoint: string = defaultEndpoint): string {
  if (/^https?:\/\//.test(uri)) return uri
  if (!uri.startsWith('hf:')) throw uriInvalid(uri, 'begins with neither hf: nor http(s)://')
  const { repository, branch, path } = parseHuggingFaceUri(uri)
  const file = path.split('/').map(encodeURIComponent).join('/')
  return `${endpoint.replace(/\/+$/, '')}/${repository}/resolve/${encodeURIComponent(branch)}/${file}?download=true`
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
