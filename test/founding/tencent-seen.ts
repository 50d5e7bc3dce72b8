/** What the round trips of CreateInstance read, and the request with nodes of every role. */
import { machine } from '../support/http/tencent-client.ts'
import type { RoundTrip } from './round-trip.ts'
import type { Request } from './refusal.ts'

// oxlint-disable-next-line typescript/no-explicit-any -- answers are read member by member
type Wire = any

export interface TencentSeen {
  /** Of DescribeInstances, DescribeInstancesList and DescribeClusterNodes. */
  readonly cluster: Wire
  readonly listed: Wire
  readonly nodes: readonly Wire[]
}

export type Trip = RoundTrip<TencentSeen>

export const ZONE = 'ap-guangzhou-3'
export const roles = ['Master', 'Core', 'Task', 'Common'] as const
export type Role = (typeof roles)[number]

/** Every role has nodes. */
const everyRole = {
  MasterResourceSpec: machine(4, 16),
  CoreResourceSpec: machine(4, 8),
  TaskResourceSpec: machine(4, 8),
  CommonResourceSpec: machine(2, 4),
  MasterCount: 2,
  CoreCount: 3,
  TaskCount: 1,
  CommonCount: 3,
}
export const spec = (members: Request): Request => ({
  SupportHA: 1,
  ResourceSpec: { ...everyRole, ...members },
})
