const sampleSize = 65_536

/** Share of control characters above which content is not text. */
const mostControls = 0.02

/** Whether a byte or UTF-16 code unit is a control character that text does not contain. Tab, line ends, form feed and escape are text. */
function isBinaryControl(unit: number): boolean {
  return unit < 32 && (unit < 8 || unit === 11 || (unit > 13 && unit !== 27))
}

/** Whether there is a zero byte within the first 64 KB. */
export function hasZeroByte(bytes: Uint8Array): boolean {
  return bytes.subarray(0, sampleSize).includes(0)
}

/** Whether more than 2 % of the first 64 KB are control characters. For bytes in an encoding that keeps ASCII. */
export function hasManyControlBytes(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, sampleSize)
  let controls = 0
  for (const byte of sample) if (isBinaryControl(byte)) controls++
  return controls > sample.length * mostControls
}

/** Whether more than 2 % of the first 64 K code units are control characters or replacement characters: the text was decoded from something else. */
export function looksWronglyDecoded(text: string): boolean {
  const length = Math.min(text.length, sampleSize)
  let bad = 0
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (isBinaryControl(unit) || unit === 0xfffd) bad++
  }
  return bad > length * mostControls
}
