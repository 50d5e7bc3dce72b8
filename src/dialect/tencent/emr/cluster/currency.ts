/** The currency of a price inquiry: there is one (reference: tencent-emr.md 8). */
import { invalid } from '../refusal.ts'

/** Throws InvalidParameterValue. */
export function checkCurrency(currency: string | undefined): void {
  if (currency === undefined || currency === 'CNY') return
  const rule = 'it must be CNY'
  const code = 'InvalidParameterValue'
  throw invalid({ name: 'Currency', code, rule, value: currency, example: 'CNY' })
}
