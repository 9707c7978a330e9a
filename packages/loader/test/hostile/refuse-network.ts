import dns from 'node:dns'
import net from 'node:net'

function refuse(): never {
  throw new Error('the network was used')
}

/** Makes every use of the network an error in this thread. */
export function refuseNetwork(): void {
  dns.lookup = refuse as unknown as typeof dns.lookup
  net.Socket.prototype.connect = refuse
  globalThis.fetch = refuse
}
