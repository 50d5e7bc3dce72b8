/** Amounts as people write them: `1258.20` for 12 582 000 ten-thousandths. At least two decimals, at most four. */

const UNIT = 10_000

export function amountText(amount: number): string {
  const whole = Math.floor(Math.abs(amount) / UNIT)
  const rest = String(Math.abs(amount) % UNIT).padStart(4, '0')
  const decimals = rest.replace(/0{1,2}$/, '')
  return `${amount < 0 ? '-' : ''}${whole}.${decimals}`
}

/** Undefined when the text is not an amount that sums can be exact with. */
export function amountOf(text: string): number | undefined {
  const match = /^(-?)(\d{1,11})(?:\.(\d{1,4}))?$/.exec(text)
  if (!match) return undefined
  const [, sign, whole = '', decimals = ''] = match
  const amount = Number(whole) * UNIT + Number(decimals.padEnd(4, '0'))
  return sign === '-' && amount > 0 ? -amount : amount
}
