/** The arguments of time_slice and date_slice, which an INTERVAL says, or a number and the unit as a text: both are the same call. */
import type { Expression } from './ast.ts'
import { timeUnitNamed } from './time-unit.ts'

export interface Slice {
  readonly width: Extract<Expression, { readonly kind: 'interval' }> | undefined
  readonly edge: Expression | undefined
}

export const sliceOf = ([, width, second, third]: readonly Expression[]): Slice => {
  if (width?.kind === 'interval') return { width, edge: second }
  const unit = second?.kind === 'string' ? timeUnitNamed(second.value) : undefined
  return {
    width: width && unit ? { kind: 'interval', value: width, unit } : undefined,
    edge: third,
  }
}
