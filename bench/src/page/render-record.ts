import type { RecordedResult } from '../results/recorded-result.ts'
import { wasBusy } from '../results/recorded-result.ts'
import { formatNumber } from '../report.ts'

/** How a result came about: command, day, machine, and whether other work disturbed it. */
export function renderRecord(result: RecordedResult): string {
  const { command, date, machine, loadBefore, processors, minutes, quick } = result
  const load = `load average ${formatNumber(loadBefore)} on ${processors} processors when it began`
  const lines = [`\`${command}\`, ${date}, ${formatNumber(minutes)} minutes`, '', `${machine}; ${load}`]
  if (quick) lines.push('', '**Made with `--quick`: it shows that the command works, and nothing else.**')
  if (wasBusy(result)) {
    lines.push('', '**The machine was busy with other work**: times are longer than on a quiet one, and less certain.')
  }
  return lines.join('\n')
}
