/** The same figures with four significant digits, more than any measurement has: whole numbers stay as they are. */
export function roundFigures<T>(figures: T): T {
  return JSON.parse(
    JSON.stringify(figures, (_, value: unknown) =>
      typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value,
    ),
  ) as T
}
