import type { GgufHeader } from './gguf-header.ts'

/** `LLAMA_MAX_LAYERS` of llama.cpp. */
const mostLayers = 512

/**
 * What is wrong with the sizes in the header of a model, for which llama.cpp would not refuse it but end the process (GGML_ASSERT);
 * completes "a header …". Undefined where nothing is. Sizes for each layer, in arrays, are left to llama.cpp.
 */
export function shapeFault(architecture: string, { metadata, arrays }: GgufHeader): string | undefined {
  // Other families may have no attention, no feed-forward layers, or heads of a width of their own.
  const isBert = architecture.includes('bert')
  const width = isBert ? Number(metadata.get(`${architecture}.embedding_length`)) : Infinity
  const isSound = (key: string, { most, needed }: { readonly most: number; readonly needed: boolean }): boolean => {
    const value = metadata.get(`${architecture}.${key}`)
    if (value === undefined) return !needed || arrays.has(`${architecture}.${key}`)
    return Number.isSafeInteger(Number(value)) && Number(value) >= 1 && Number(value) <= most
  }
  const rules = {
    block_count: { most: mostLayers, needed: true },
    'attention.head_count': { most: width, needed: isBert },
    feed_forward_length: { most: Infinity, needed: isBert },
  }
  const found = Object.entries(rules).find(([key, rule]) => !isSound(key, rule))
  return found === undefined ? undefined : `without a sound ${architecture}.${found[0]}`
}
