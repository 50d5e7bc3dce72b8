/** What a subscription costs for a term: of an instance as it is, in whole and by billing instance. Facts: reference alibaba-starrocks.md 4.1, 11.5. */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault } from '../../../../domain/fault.ts'
import { checkTerm } from '../../catalogue/instance-shape.ts'
import { monthsOf, type Price, type Term } from '../../catalogue/price.ts'
import type { PricingCycle } from '../../catalogue/schema.ts'
import { problemsExplained } from '../../faults.ts'
import { priceOfInstance } from '../node-group/terms.ts'
import { billingInstances } from './billing-instance.ts'

export type SubscriptionTerm = Extract<Term, { payType: 'prePaid' }>

/** The same terms as in a creation. Throws ParametersRefused. */
export function readTerm(it: {
  readonly PricingCycle?: string
  readonly Duration?: number
}): SubscriptionTerm {
  const { PricingCycle: pricingCycle, Duration: duration } = it
  const problems = checkTerm({ payType: 'prePaid', pricingCycle, duration })
  if (problems.length > 0)
    throw new Fault('ParametersRefused', { refusals: problemsExplained(problems) })
  return { payType: 'prePaid', pricingCycle: pricingCycle as PricingCycle, duration: duration ?? 1 }
}

export function termMonths({ pricingCycle, duration }: SubscriptionTerm): number {
  return monthsOf(pricingCycle, duration)
}

export function priceOfTerm(instance: Cluster, term: SubscriptionTerm): Price {
  return priceOfInstance(instance, instance.spec, term)
}

/** Each billing instance with its part, rounded so that the running sum is right: together they are the price of the whole. */
export function partsOfTerm(
  instance: Cluster,
  term: SubscriptionTerm,
): readonly { readonly id: string; readonly amount: number }[] {
  let exact = 0n
  let sum = 0
  return billingInstances(instance).map(({ id, groups }) => {
    exact += priceOfInstance(instance, { groups }, term).exact
    const amount = Number((exact + 50n) / 100n) - sum
    sum += amount
    return { id, amount }
  })
}
