import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { systemErrorCode } from '../quern-error.ts'

/** What tells a process apart from every other one, also after its number has been given to another. Absent: not known here. */
export interface ProcessIdentity {
  readonly pid: number
  /** Start time in the system's own notation; only compared. */
  readonly processStart?: string
  readonly host: string
  /** Permanent id of the operating system's installation. */
  readonly machine?: string
  /** Id of the system's current run: another one after each reboot. */
  readonly boot?: string
  /** Space in which the process number counts: containers have their own. */
  readonly pidNamespace?: string
}

/** Whether a process runs: `unknown` when it belongs to another machine or container, which cannot be seen from here. */
export type ProcessStatus = 'running' | 'gone' | 'unknown'

async function textOf(read: Promise<string>): Promise<string | undefined> {
  try {
    const text = (await read).trim()
    return text === '' ? undefined : text
  } catch (error) {
    // Other systems have no such file, and some containers hide it.
    if (systemErrorCode(error) !== undefined) return undefined
    throw error
  }
}

interface RunningProcess {
  readonly start: string | undefined
}

/** Linux: state and start time are the fields 3 and 22 of `/proc/<pid>/stat` (proc_pid_stat(5)); the name before them may hold anything. */
function parseProcessStat(stat: string): RunningProcess | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A zombie has ended; its number stays taken until its parent asks how.
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : { start: fields[19] }
}

function isNumberTaken(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs under another user.
    return systemErrorCode(error) !== 'ESRCH'
  }
}

const psTimeoutMilliseconds = 5000

/** macOS and the BSDs: `ps` knows the start to the second. Undefined when it does not say: the process has ended, or there is no `ps`. */
async function startByPs(pid: number): Promise<string | undefined> {
  if (process.platform === 'win32') return undefined
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
  const options = { env, timeout: psTimeoutMilliseconds }
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'lstart=', '-p', String(pid)], options, (error, stdout) => {
      const start = stdout.trim()
      resolve(error !== null || start === '' ? undefined : start)
    })
  })
}

async function findProcess(pid: number): Promise<RunningProcess | undefined> {
  const stat = await textOf(readFile(`/proc/${pid}/stat`, 'latin1'))
  if (stat !== undefined) return parseProcessStat(stat)
  if (!isNumberTaken(pid)) return undefined
  return { start: process.platform === 'linux' ? undefined : await startByPs(pid) }
}

/** The identity of this process. */
export async function identifyThisProcess(): Promise<ProcessIdentity> {
  const [self, machine, boot, pidNamespace] = await Promise.all([
    findProcess(process.pid),
    textOf(readFile('/etc/machine-id', 'utf8')),
    textOf(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    textOf(readlink('/proc/self/ns/pid')),
  ])
  return {
    pid: process.pid,
    ...(self?.start === undefined ? {} : { processStart: self.start }),
    host: hostname(),
    ...(machine === undefined ? {} : { machine }),
    ...(boot === undefined ? {} : { boot }),
    ...(pidNamespace === undefined ? {} : { pidNamespace }),
  }
}

/**
 * Whether `other` still runs, as far as the process `self` (this one) can tell: on the same host it is gone when it belongs to
 * another boot, when its number is free, or when a process that started at another time has its number. Where start times are
 * not known the number alone decides. When in doubt it runs.
 */
export async function processStatus(other: ProcessIdentity, self: ProcessIdentity): Promise<ProcessStatus> {
  if (other.host !== self.host || other.machine !== self.machine) return 'unknown'
  if (other.boot !== self.boot) return other.boot === undefined || self.boot === undefined ? 'unknown' : 'gone'
  if (other.pidNamespace !== self.pidNamespace) return 'unknown'
  const found = await findProcess(other.pid)
  if (found === undefined) return 'gone'
  const reused = found.start !== undefined && other.processStart !== undefined && found.start !== other.processStart
  return reused ? 'gone' : 'running'
}
