import * as ort from 'onnxruntime-node'
import { spawn } from 'node:child_process'
const f = process.argv[2]
const mk = (threads: number, spin?: string) => ort.InferenceSession.create(`/tmp/onnxbench/${f}.onnx`, { intraOpNumThreads: threads, interOpNumThreads: 1, logSeverityLevel: 4, ...(spin ? { extra: { session: { intra_op: { allow_spinning: spin } } } } : {}) })
const sessions = { t1: await mk(1), t2: await mk(2), t2nospin: await mk(2, '0') }
const run = (s: ort.InferenceSession, n: number) => { const t = (v: bigint) => new ort.Tensor('int64', new BigInt64Array(n).map((_, i) => v < 0n ? BigInt(1000 + i * 7919 % 29000) : v), [1, n]); return s.run({ input_ids: t(-1n), attention_mask: t(1n), token_type_ids: t(0n) }) }
for (const busy of [false, true]) {
  const child = busy ? spawn(process.execPath, ['-e', 'for(;;);']) : undefined
  for (const n of [20, 128, 300]) { const got: Record<string, number[]> = {}
    for (let r = 0; r < 5; r++) for (const [name, s] of Object.entries(sessions)) { await run(s, n); const t0 = performance.now(); let k = 0; while (performance.now() - t0 < 300) { await run(s, n); k++ } (got[name] ??= []).push(k * n / (performance.now() - t0) * 1000) }
    console.log(f, busy ? 'contended' : 'free', n, Object.fromEntries(Object.entries(got).map(([k, a]) => [k, Math.round(a.toSorted((x, y) => x - y)[2]!)]))) }
  child?.kill()
}
