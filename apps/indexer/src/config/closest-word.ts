import leven from 'leven'

/** The known word that was probably meant, or undefined where none is near. */
export function closestWord(word: string, known: readonly string[]): string | undefined {
  const [closest] = known
    .map((candidate) => ({ candidate, distance: leven(candidate.toLowerCase(), word.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)
  return closest !== undefined && closest.distance <= Math.max(2, word.length / 3) ? closest.candidate : undefined
}
