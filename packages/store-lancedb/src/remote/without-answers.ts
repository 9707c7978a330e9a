/** The element of an answer that says what is wrong, in S3's words. */
const element = (name: string): RegExp => new RegExp(`<${name}>([^<]{0,300})</${name}>`)
const [code, text] = [element('Code'), element('Message')]

/** An answer in XML, which ends with its root element; one that was cut off ends with the text. */
const answer = /(?:<\?xml[^>]*\?>\s*)?<Error\b[^>]*>.*?(?:<\/Error>|$)/gis

/**
 * A message of LanceDB with only the code and the message of each answer of the storage that stands in it. A refusal repeats the access key
 * and the whole request, the token of a temporary session included.
 */
export function withoutAnswers(message: string): string {
  return message.replaceAll(answer, (whole) =>
    [code.exec(whole)?.[1], text.exec(whole)?.[1]].filter((part) => part !== undefined && part !== '').join(': '),
  )
}
