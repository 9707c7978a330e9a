import { parentPort } from 'node:worker_threads'

// Stands in for the PDF worker: the first byte of a request says how to behave.
const loop = () => {
  for (;;);
}

const behaviours = {
  hang: loop,
  crash: () => parentPort.postMessage({ type: 'crashed', message: 'Aborted()', memoryBytes: 1024 }, []),
  outOfMemory: () => parentPort.postMessage({ type: 'crashed', message: 'Aborted()', memoryBytes: 2 ** 31 }, []),
  throw: () => {
    throw new Error('thrown in the worker')
  },
  exit: () => process.exit(7),
}

parentPort.on('message', ({ bytes }) => behaviours[new TextDecoder().decode(bytes)]?.())
