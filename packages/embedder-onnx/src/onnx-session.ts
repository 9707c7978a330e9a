import type { InferenceSession } from 'onnxruntime-node'

/** A model as ONNX Runtime has it loaded. */
export interface OnnxSession {
  /** What computes, for people: name and version. */
  readonly description: string
  /**
   * The vectors of a text's tokens, one after the other. ONNX Runtime computes within the call and lets nothing else of the process
   * run meanwhile.
   */
  run(tokens: readonly number[]): Promise<Float32Array>
  /** Frees the model. Computations must have ended. */
  dispose(): Promise<void>
}

interface SessionRequest {
  readonly modelPath: string
  readonly dimensions: number
  readonly threads: number
}

type Fill = (length: number) => BigInt64Array

/** What models take beside the tokens themselves: nothing is masked, and all is one text. */
const furtherInputs: ReadonlyMap<string, Fill> = new Map<string, Fill>([
  ['attention_mask', (length) => new BigInt64Array(length).fill(1n)],
  ['token_type_ids', (length) => new BigInt64Array(length)],
])
const tokensInput = 'input_ids'
const usualOutputs = new Set(['last_hidden_state', 'token_embeddings'])

function describe(values: readonly InferenceSession.ValueMetadata[]): string {
  return values.map((value) => (value.isTensor ? `${value.name} (${value.type})` : value.name)).join(', ')
}

function checkInputs(inputs: readonly InferenceSession.ValueMetadata[]): void {
  const known = (name: string): boolean => name === tokensInput || furtherInputs.has(name)
  const odd = inputs.filter((input) => !input.isTensor || input.type !== 'int64' || !known(input.name))
  if (odd.length > 0) throw new Error(`it takes inputs that an encoder of texts has not: ${describe(odd)}`)
  if (!inputs.some(({ name }) => name === tokensInput)) throw new Error(`it has no input ${tokensInput}`)
}

function chooseOutput(outputs: readonly InferenceSession.ValueMetadata[]): string {
  const fitting = outputs.filter((output) => output.isTensor && output.type === 'float32' && output.shape.length === 3)
  const usual = fitting.find(({ name }) => usualOutputs.has(name))
  const chosen = usual ?? (fitting.length === 1 ? fitting[0] : undefined)
  if (chosen !== undefined) return chosen.name
  throw new Error(`it gives no vectors of single tokens as float32 (last_hidden_state); it gives ${describe(outputs)}`)
}

/**
 * Opens a model with ONNX Runtime on the processor. Rejects with a plain error, whose message says why, when the file is no encoder of
 * texts.
 */
export async function openOnnxSession({ modelPath, dimensions, threads }: SessionRequest): Promise<OnnxSession> {
  const { env, InferenceSession: Session, Tensor } = await import('onnxruntime-node')
  // What goes wrong is thrown as well; without this, and the level of the session, it is also written to the console.
  env.logLevel = 'fatal'
  const session = await Session.create(modelPath, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    // Threads that wait for each other spinning are twice as slow as one alone when another process needs a processor.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })
  try {
    checkInputs(session.inputMetadata)
    const output = chooseOutput(session.outputMetadata)
    return {
      description: `onnxruntime-node ${env.versions.node ?? env.versions.common}`,
      async run(tokens) {
        const shape = [1, tokens.length]
        const feeds = session.inputNames.map((name) => {
          const fill = furtherInputs.get(name)
          return [
            name,
            new Tensor('int64', fill?.(tokens.length) ?? BigInt64Array.from(tokens, BigInt), shape),
          ] as const
        })
        const { [output]: states } = await session.run(Object.fromEntries(feeds), [output])
        if (states === undefined || !(states.data instanceof Float32Array)) throw new Error(`it gave no ${output}`)
        if (states.dims.join() !== `1,${tokens.length},${dimensions}`) {
          const wanted = `${tokens.length} vectors of ${dimensions} numbers`
          throw new Error(
            `it gave numbers of shape ${states.dims.join(' × ')} instead of ${wanted}, as config.json says`,
          )
        }
        return states.data
      },
      dispose: async () => session.release(),
    }
  } catch (error) {
    await session.release()
    throw error
  }
}
