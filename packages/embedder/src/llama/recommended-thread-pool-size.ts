/** Threads of libuv's pool as Node starts it. */
const defaultPoolSize = 4

/**
 * The `UV_THREADPOOL_SIZE` that a process should start with when this many texts are embedded at once: each occupies a thread of
 * libuv's pool, and reading and writing files needs some as well.
 */
export function recommendedThreadPoolSize(concurrency: number): number {
  return concurrency < defaultPoolSize ? defaultPoolSize : concurrency + defaultPoolSize
}
