const mostCharacters = 200

/** The message in a body of one of the usual shapes: OpenAI's, FastAPI's, those of TEI and Ollama. */
function messageIn(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body
  const { error, message, detail } = body as { error?: unknown; message?: unknown; detail?: unknown }
  return messageIn(error) ?? message ?? detail
}

/**
 * What an endpoint says in a body, on one line and short, without the key. `body` is the value of a JSON body, or text. Empty when it says
 * nothing.
 */
export function replyExcerpt(body: unknown, apiKey: string | undefined): string {
  const message = messageIn(body) ?? body ?? ''
  const text = typeof message === 'string' ? message : JSON.stringify(message)
  const open = apiKey === undefined ? text : text.replaceAll(apiKey, '[key]')
  const line = open.replaceAll(/[\p{C}\s]+/gu, ' ').trim()
  return line.length > mostCharacters ? `${line.slice(0, mostCharacters).toWellFormed()} …` : line
}

/**
 * Whether an endpoint refuses a request because something in it is too long. Servers say so with different statuses (400, 413, 422,
 * llama-server 500) and in their own words; 413 says it by itself.
 */
export function saysTooLong(status: number, said: string): boolean {
  if (status === 413) return true
  if (status !== 400 && status !== 422 && status !== 500) return false
  return /context (length|size|window)|maximum input length|too (large|long)|less than \d+ tokens|batch size/i.test(
    said,
  )
}
