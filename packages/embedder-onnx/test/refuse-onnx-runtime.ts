import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === 'onnxruntime-node') throw new Error('the embedding engine was loaded')
    return nextResolve(specifier, context)
  },
})
