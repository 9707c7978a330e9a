import { errorMessage, QuernError, systemErrorCode } from '@quern/core'

const folderHint =
  'Give a folder with config.json, tokenizer.json, tokenizer_config.json and an ONNX model, as it is published for transformers.js.'

/** The error for a file or folder that no embedding model can be loaded from; `reason` completes "it …". */
export function modelInvalid(path: string, reason: string, cause?: unknown, hint = folderHint): QuernError {
  return new QuernError('MODEL_INVALID', `the model at ${path} cannot be used: it ${reason}`, {
    hint,
    cause,
    details: { path },
  })
}

/** The error for a file that should be there; `cause` says why it cannot be read. */
export function modelUnreadable(path: string, cause: unknown): QuernError {
  if (systemErrorCode(cause) !== 'ENOENT') return modelInvalid(path, `cannot be read (${errorMessage(cause)})`, cause)
  return new QuernError('MODEL_NOT_FOUND', `the model is not whole: there is no file ${path}`, {
    hint: folderHint,
    cause,
    details: { path },
  })
}

/** The error for a folder that is not there. */
export function folderNotFound(folder: string, cause: unknown): QuernError {
  const looksLikeHubName = /^[\w-][\w.-]*\/[\w.-]+$/.test(folder)
  const name = folder.split('/').at(-1) ?? folder
  return new QuernError(
    'MODEL_NOT_FOUND',
    looksLikeHubName
      ? `there is no model folder ${folder}; names on the Hugging Face Hub are not looked up, and nothing is downloaded`
      : `there is no model folder ${folder}`,
    {
      hint: looksLikeHubName
        ? `Fetch it once, then give its folder: hf download ${folder} --local-dir models/${name}`
        : 'Check the path of the folder.',
      cause,
      details: { path: folder },
    },
  )
}
