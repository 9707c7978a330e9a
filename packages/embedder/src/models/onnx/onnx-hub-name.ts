/** A model in ONNX format on a hub, as people write it: `<owner>/<repository>[@<revision>][/<file>.onnx]`. */
export interface OnnxHubName {
  /** `<owner>/<name>`. */
  readonly repository: string
  /** A branch, tag or commit; undefined: `main`, as it is when the model is downloaded. */
  readonly revision: string | undefined
  /** Path of the ONNX file in the repository; undefined: `onnx/model.onnx`. */
  readonly file: string | undefined
}

/** The ONNX file that is meant where a name says nothing else. */
export const defaultOnnxFile = 'onnx/model.onnx'

// Each part becomes the name of a file on this machine.
const part = String.raw`\w(?:[\w.-]*\w)?`
const pattern = new RegExp(`^(${part}/${part})(?:@(${part}))?(?:/((?:${part}/)*${part}\\.onnx))?$`)

/**
 * Reads the name of a model on a hub, as `Xenova/bge-small-en-v1.5@main/onnx/model_quantized.onnx`; undefined where the text is none.
 * A relative path of two parts looks the same.
 */
export function parseOnnxHubName(text: string): OnnxHubName | undefined {
  const [, repository, revision, file] = pattern.exec(text) ?? []
  if (repository === undefined) return undefined
  return { repository, revision, file: file === defaultOnnxFile ? undefined : file }
}

/** The name as people write it; `parseOnnxHubName` reads it back. */
export function formatOnnxHubName({ repository, revision, file }: OnnxHubName): string {
  return `${repository}${revision === undefined ? '' : `@${revision}`}${file === undefined ? '' : `/${file}`}`
}
