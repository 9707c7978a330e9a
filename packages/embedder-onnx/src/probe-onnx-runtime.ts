/** Loads ONNX Runtime without a model, and says which it is. Rejects with Node's own error where its native module is missing. */
export async function probeOnnxRuntime(): Promise<string> {
  const { env } = await import('onnxruntime-node')
  return `onnxruntime-node ${env.versions.node ?? env.versions.common}`
}
