import { hubAddress } from '../model-uri.ts'

/** How long an answer is waited for that only improves a message. */
const patienceMilliseconds = 10_000

interface Repository {
  readonly siblings?: unknown
}

function nameOf(file: unknown): unknown {
  return typeof file === 'object' && file !== null && 'rfilename' in file ? file.rfilename : undefined
}

/**
 * The ONNX files of a repository on a hub, or undefined where the hub does not tell. For messages: never rejects, but with
 * `signal.reason`.
 */
export async function onnxFilesOnHub(
  { repository, revision }: { readonly repository: string; readonly revision: string },
  endpoint: string | undefined,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const url = `${hubAddress(endpoint)}/api/models/${repository}/revision/${encodeURIComponent(revision)}`
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMilliseconds)])
    const response = await fetch(url, { signal: patience })
    const { siblings } = (await response.json()) as Repository
    if (!Array.isArray(siblings)) return undefined
    const names = siblings.map(nameOf).filter((name) => typeof name === 'string')
    return names.filter((name) => name.endsWith('.onnx')).toSorted()
  } catch {
    // What is missing is known without it.
    signal.throwIfAborted()
    return undefined
  }
}
