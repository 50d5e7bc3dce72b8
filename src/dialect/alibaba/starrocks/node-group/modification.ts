/**
 * A change of a node group's resources as requests ask for it. One description serves the request that begins the change, its
 * pre-check, which begins it and takes it back, and its inquiry, which makes its order. Facts: reference alibaba-starrocks.md 3.2,
 * 7 (reasons of pre-checks), 14 (8).
 */
import type { Call } from '../../../../app/call.ts'
import type { Quote } from '../../../../app/cluster/quote.ts'
import type { ResizeRequest } from '../../../../app/cluster/resize.ts'
import type { ScaleRequest, TermsOf } from '../../../../app/cluster/scale.ts'
import type { Core } from '../../../../app/core.ts'
import { Fault, type FaultCode } from '../../../../domain/fault.ts'
import { listPrice } from '../../../../domain/order.ts'
import { reasonOf } from '../../faults.ts'
import { changeFaults } from './change.ts'
import { orderOnWire, promotionOf, termsOf } from './terms.ts'

export interface Modification {
  readonly instance: string
  /** A code that takes something off its order. */
  readonly promotion: string | undefined
  /** Whether its order is to be paid with the request. */
  readonly autoPay: boolean
  readonly request: (terms: TermsOf) => ResizeRequest | ScaleRequest
}

/** The members of requests that say which group it is, and how. */
export interface ModificationInput {
  readonly InstanceId: string
  readonly NodeGroupId: string
  readonly PromotionOptionNo?: string
  readonly AutoPay?: boolean
  readonly FastMode?: boolean
}

/** Answers the id of the order of a subscription. */
export async function modify(
  core: Core,
  call: Call,
  it: Modification,
): Promise<{ readonly Data: number }> {
  const request = await requestOf(core, call, it)
  const started =
    'resize' in request
      ? core.clusters.resize(call, it.instance, request)
      : core.clusters.scale(call, it.instance, request)
  return { Data: orderOnWire(await started) }
}

/** Only an instance that is not there is refused; everything else is a reason. */
export async function preCheck(
  core: Core,
  call: Call,
  it: Modification,
): Promise<{ readonly Data: { readonly Allow: boolean; readonly Reason: string } }> {
  try {
    await core.clusters.checkChange(call, it.instance, await requestOf(core, call, it))
    return { Data: { Allow: true, Reason: '' } }
  } catch (problem) {
    if (!(problem instanceof Fault) || !reasons.has(problem.code)) throw problem
    return { Data: { Allow: false, Reason: reasonOf(problem) } }
  }
}

const reasons: ReadonlySet<FaultCode> = new Set<FaultCode>(
  [...changeFaults, 'ResourceFull' as const].filter((code) => code !== 'ClusterNotFound'),
)

export async function quote(core: Core, call: Call, it: Modification): Promise<Quote> {
  return core.clusters.quoteChange(call, it.instance, await requestOf(core, call, it))
}

async function requestOf(
  core: Core,
  call: Call,
  { promotion, autoPay, request }: Modification,
): Promise<ResizeRequest | ScaleRequest> {
  const terms = termsOf(core, await promotionOf(core, call, promotion))
  return request(autoPay ? terms : withNothingToPay(terms))
}

/** A change that waited for its payment would keep its instance from all others. Pay as you go is never paid with a request. */
function withNothingToPay(terms: TermsOf): TermsOf {
  return (was, next) => {
    const made = terms(was, next)
    if (was.charge.mode === 'prepaid' && made.order && listPrice(made.order) > 0)
      throw new Fault('NotSupported', {
        what: 'AutoPay false',
        detail: 'the order of a change is paid with its request',
      })
    return made
  }
}
