const pattern = /^(?:D:)?(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(\d\d)(\d\d)?(?:(Z)|([+-]\d\d)'?(\d\d)?)?)?)?)?/

/**
 * A PDF date (`D:20230306180657+01'00'`, ISO 32000-1 section 7.9.4) as ISO 8601, no more precise than it is, in its own time zone.
 * Undefined where it is no date.
 */
export function pdfDateToIso(date: string): string | undefined {
  const found = pattern.exec(date.trim())
  if (found === null) return undefined
  const [, year, month, day, hour, minute, second = '00', utc, zoneHour, zoneMinute = '00'] = found
  const whole = [year, month, day].filter((part) => part !== undefined).join('-')
  const zone = zoneHour === undefined ? (utc ?? '') : `${zoneHour}:${zoneMinute}`
  const iso = hour === undefined || minute === undefined ? whole : `${whole}T${hour}:${minute}:${second}${zone}`
  return Number.isNaN(Date.parse(iso)) ? undefined : iso
}
