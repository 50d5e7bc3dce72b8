/** Amounts with commas between thousands and two digits behind the point. reference: be/src/exprs/string_functions.cpp */
import { castTo, once, tryCast } from '../../emit/text.ts'
import type { SqlType } from '../../type.ts'
import { define, signature } from './spec.ts'
import type { FunctionSpec } from './spec.ts'

const cents: SqlType = { kind: 'decimal', precision: 38, scale: 2 }

const whole = (amount: string): string => `format('{:,}', CAST(trunc(${amount}) AS HUGEINT))`

const withCents = (rounded: string): string =>
  once(
    rounded,
    (amount) =>
      `CASE WHEN ${amount} < 0 THEN '-' ELSE '' END || ${whole(`abs(${amount})`)} || right(CAST(${amount} AS VARCHAR), 3)`,
  )

export const moneyFunctions: readonly FunctionSpec[] = define(
  'money_format',
  signature(['integer'], 'varchar', ([x = '']) => `format('{:,}', ${x}) || '.00'`),
  signature(['decimal'], 'varchar', ([x = '']) => withCents(castTo(`round(${x}, 2)`, cents))),
  signature(['double'], 'varchar', ([x = '']) => withCents(tryCast(`round(${x}, 2)`, cents))),
)
