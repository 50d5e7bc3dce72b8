/** What the pages about money share: how refusals are reported, and amounts, which are texts such as `1258.20`. */
import { BillingProblem } from '../../app/billing/problem.ts'
import { amountOf } from '../../domain/money.ts'
import { textIn } from '../identity/answer.ts'
import { pageBuilder } from '../answer.ts'
import { AdminProblem, type PageRequest } from '../page.ts'

const STATUS = { missing: 404, refused: 409 } as const

export const page = pageBuilder((problem) =>
  problem instanceof BillingProblem ? STATUS[problem.kind] : undefined,
)

export function amountIn(request: PageRequest, name: string): number {
  const amount = amountOf(textIn(request, name))
  if (amount === undefined || amount < 0)
    throw new AdminProblem(`${name} must be an amount such as "12.50", with at most four decimals`)
  return amount
}
