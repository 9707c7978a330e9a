/** What `openHttpEmbedder` needs to know. */
export interface HttpEmbedderOptions {
  /** Address of the API without `/embeddings`, usually ending in `/v1`: `http://127.0.0.1:8080/v1`. */
  readonly baseUrl: string
  /** Name of the model, as the endpoint knows it. Part of the fingerprint. */
  readonly model: string
  /** Numbers in a vector of that model. Part of the fingerprint; checked by `load()`. */
  readonly dimensions: number
  /**
   * Most tokens of one text, special tokens and prefix included, as `countTokens` counts them. Give what the endpoint takes: several
   * servers cut longer texts without a word, and nothing in their reply shows it. Default 512.
   */
  readonly maxTokens?: number
  /** Sent as a bearer token. Appears in no error. Visible ASCII. Default: none. */
  readonly apiKey?: string
  /** Put in front of every query. Default: nothing. */
  readonly queryPrefix?: string
  /** Put in front of every text that is indexed. Part of the fingerprint. Default: nothing. */
  readonly documentPrefix?: string
  /** Requests of `embedDocuments` that run at the same time, over all calls. Default 4. */
  readonly concurrency?: number
  /** Most texts of one request. Default 32. */
  readonly batchTexts?: number
  /** Most tokens of one request, as `countTokens` counts them; a text that alone has more goes alone. Default 65,536. */
  readonly batchTokens?: number
  /** Longest time that one attempt may take, in milliseconds, at most 300,000. Default 120,000. */
  readonly timeoutMs?: number
  /** How often a request is tried again after status 408, 429 or 5xx, a broken connection or a timeout. Default 5. */
  readonly retries?: number
  /**
   * Milliseconds to wait before a retry, given how many attempts have failed (from 1). Not asked when the endpoint names a time by
   * `Retry-After`. Default: half a second, doubled each time up to 30 seconds, less up to half of it at random.
   */
  readonly retryDelayMs?: (attempts: number) => number
  /** Longest time that a `Retry-After` is obeyed, in milliseconds. Default 60,000. */
  readonly mostRetryAfterMs?: number
  /**
   * Tokens of a text as the model sees it, special tokens included; called with the prefix in front. Default: a bound that no tokenizer
   * exceeds, the text's bytes in UTF-8 and three. English has about a quarter of that in truth, so give the model's own tokenizer
   * where there is one.
   */
  readonly countTokens?: (text: string) => number
  /** How vectors are sent: `base64` is smaller and exact. Default: `base64`, or `float` where the endpoint refuses that. */
  readonly encodingFormat?: 'base64' | 'float'
  /** Whether `dimensions` is sent along, for models that can shorten their vectors. Default: no. */
  readonly sendDimensions?: boolean
}
