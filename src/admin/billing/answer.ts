/** What the pages about money share: how refusals are told, and amounts, which are texts such as `1258.20`. */
import { BillingProblem } from '../../app/billing/problem.ts'
import { amountOf } from '../../domain/money.ts'
import { textIn } from '../identity/answer.ts'
import { AdminProblem, json, type Asked, type Page } from '../page.ts'

const STATUS = { missing: 404, refused: 409 } as const

export function page(
  method: Page['method'],
  path: string,
  it: Pick<Page, 'does' | 'query' | 'members'> & { answer(asked: Asked): Promise<object> },
): Page {
  const { answer, ...told } = it
  return {
    ...told,
    method,
    path: `/_emrys/${path}`,
    async run(asked) {
      try {
        return json(await answer(asked))
      } catch (problem) {
        if (!(problem instanceof BillingProblem)) throw problem
        throw new AdminProblem(problem.message, STATUS[problem.kind])
      }
    },
  }
}

export function amountIn(asked: Asked, name: string): number {
  const amount = amountOf(textIn(asked, name))
  if (amount === undefined || amount < 0)
    throw new AdminProblem(`${name} must be an amount such as "12.50", with at most four decimals`)
  return amount
}
