import type { FolderSurvey } from '../init/survey-folder.ts'
import { formatBytes, formatCount, formatQuantity } from './format.ts'
import { printable } from './printable.ts'

const shownEndings = 5

/** What lies in a folder, on one line. */
export function surveyLine({ documents, bytes, endings, unsupported, cutOff }: FolderSurvey): string {
  if (documents === 0) return 'no documents of a known format in this folder'
  const most = endings
    .slice(0, shownEndings)
    .map(
      ({ ending, documents: count }) => `${formatCount(count)} ${ending === '' ? 'without ending' : ending.slice(1)}`,
    )
  const others = unsupported === 0 ? [] : [`${formatQuantity(unsupported, 'file')} of other formats`]
  const counted = `${cutOff ? 'at least ' : ''}${formatQuantity(documents, 'document')}, ${formatBytes(bytes)} (${most.join(', ')})`
  return printable([counted, ...others].join('; '))
}
