/** A run that kills itself with SIGKILL at the n-th moment: node killed-run.ts <corpus> <store> <n>. Moments are events and texts. */
import { indexOnce } from './index-once.ts'

const [corpus = '', store = '', moment = ''] = process.argv.slice(2)
let left = Number(moment)

function passMoment(): void {
  if (left-- === 0) process.kill(process.pid, 'SIGKILL')
}

await indexOnce({ corpus, store, onEvent: passMoment, beforeText: passMoment })
