/**
 * Value for Node's `--import`: makes the first attempt of a process to load the embedding engine (node-llama-cpp) an error. A run
 * that succeeds with it has embedded nothing.
 */
export const refuseLlamaHook = new URL('refuse-llama.ts', import.meta.url).href
