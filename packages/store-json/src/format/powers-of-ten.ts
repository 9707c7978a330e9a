/** 10^0 … 10^22: the powers of ten that a double holds exactly. A whole number below 2^53 divided by one is correctly rounded. */
export const powersOfTen: readonly number[] = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`))
