export type { OnnxEmbedderOptions, OnnxPooling } from './onnx-embedder-options.ts'
export { openOnnxEmbedder } from './open-onnx-embedder.ts'
export { probeOnnxRuntime } from './probe-onnx-runtime.ts'
