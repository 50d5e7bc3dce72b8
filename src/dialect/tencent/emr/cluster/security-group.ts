/** The security group that is made with a cluster whose request names none, named after its cluster and day (reference: tencent-emr.md 2.1). */
import type { Resource } from '../../../../domain/environment.ts'
import type { Random } from '../../../../kernel/random.ts'
import { resourceIdLength } from '../identifier.ts'
import { orderStamp } from '../time-text.ts'

export interface NewSecurityGroup {
  readonly cluster: string
  readonly region: string
  readonly vpc: string
  /** Open to everybody; absent where nobody says. */
  readonly ports?: readonly number[]
  readonly random: Random
  readonly nowMs: number
}

export function newSecurityGroup(it: NewSecurityGroup): Resource {
  const { cluster, region, vpc, ports, random, nowMs } = it
  return {
    kind: 'security-group',
    id: `sg-${random.serial.base36(resourceIdLength)}`,
    region,
    name: `${cluster}_${orderStamp(nowMs)}`,
    network: vpc,
    ...(ports === undefined ? {} : { ports }),
  }
}
