/** What requests about gateways share: members, and which gateways there may be. Facts: reference alibaba-starrocks.md 3.2, 7, 10 (C12). */
import { isAtLeast } from '../../../../kernel/version.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { Fault } from '../../../../domain/fault.ts'
import { integer, text } from '../../../../shape/shape.ts'
import { minorOf } from '../../catalogue/version.ts'
import { refused } from '../instance/access.ts'
import { shortText } from '../shape.ts'

/** An instance has 11 frontends at most (11.6). */
const FRONTENDS_MAX = 11
/** Fewer could not be divided: the default gateway keeps the leader. */
const FRONTENDS_MIN = 3
const NAME_MAX = 64
const STACK_MIN = [1, 7, 6]

export const gatewayId = shortText('Gateway id', 'dg-2r69r8kpmn56k5s3')

export const gatewayName = text({
  min: 1,
  max: NAME_MAX,
  message: `Gateway name should have 1 to ${NAME_MAX} characters`,
  example: 'reports',
})

export const feNodeNumber = integer({
  min: 1,
  max: FRONTENDS_MAX,
  label: 'Fe node number',
  example: 1,
})

/** Throws NotSupported for an instance whose frontends cannot be divided. */
export function requireDivisible({ spec }: Cluster, frontends: readonly string[]): void {
  const { version } = spec.software
  if (!isAtLeast(minorOf(version).stack, STACK_MIN)) {
    const detail = `the instance runs ${version}, and it takes a stack of ${STACK_MIN.join('.')}`
    throw new Fault('NotSupported', { what: 'A gateway beside the default one', detail })
  }
  if (frontends.length < FRONTENDS_MIN) throw tooManyFrontends()
}

/** In the service's own words. */
export function tooManyFrontends(): Fault {
  return refused('FeNodeNumber', 'The available number of nodes exceed')
}
