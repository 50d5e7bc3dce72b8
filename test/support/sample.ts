/** Documents for tests that do not care what is in them. */
import type { Call } from '../../src/app/call.ts'
import type { Placement } from '../../src/app/cluster/placement.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import type { Node, NodeGroup } from '../../src/domain/cluster/node-group.ts'
import type { ClusterSpec } from '../../src/domain/cluster/spec.ts'
import type { ClusterStatus } from '../../src/domain/cluster/status.ts'
import type { Script } from '../../src/domain/script.ts'

export type SampleMembers = Omit<Partial<Cluster>, 'spec' | 'status'> & {
  readonly spec?: Partial<ClusterSpec>
  readonly status?: Partial<ClusterStatus>
}

export function sampleCluster({ spec, status, ...members }: SampleMembers = {}): Cluster {
  return {
    id: 'c-1',
    account: 'a',
    region: 'r',
    product: 'p',
    name: 'sample',
    createdMs: 0,
    substrate: 'simulation',
    charge: { mode: 'postpaid', autoRenew: false },
    resourceGroup: '',
    tags: [],
    secrets: {},
    extension: sampleExtension,
    spec: sampleSpec(spec),
    status: {
      state: 'creating',
      reason: '',
      stateSinceMs: 0,
      observedGeneration: 0,
      nodes: {},
      ...status,
    },
    ...members,
  }
}

export function sampleSpec(members: Partial<ClusterSpec> = {}): ClusterSpec {
  return {
    generation: 1,
    running: true,
    software: { family: 'f', version: '1', components: [] },
    network: { vpc: 'v', zone: 'z', subnets: [{ id: 's', zone: 'z' }], securityGroups: [] },
    groups: [sampleGroup('g-1', 2)],
    configuration: [],
    ...members,
  }
}

/** Of a substrate that can do everything. */
export const samplePlacement: Placement = { select: () => 'simulation', checkChange: () => {} }

const sampleExtension = { dialect: 'sample', version: 1 }

export function sampleGroup(id: string, nodes: number): NodeGroup {
  return {
    id,
    role: 'worker',
    name: id,
    description: '',
    cpu: 4,
    memoryMib: 8192,
    machine: '',
    disks: [],
    zone: 'z',
    subnet: 's',
    extension: sampleExtension,
    nodes: Array.from({ length: nodes }, (_, index) => sampleNode(id, index)),
  }
}

export function sampleNode(group: string, index: number): Node {
  return { id: `${group}-${index}`, index, name: `${group}.${index}`, restarts: 0 }
}

export function sampleScript(id: string, members: Partial<Script> = {}): Script {
  const name = `${id}.sh`
  return {
    id,
    name,
    uri: `cos://scripts/${name}`,
    args: [],
    remark: '',
    moment: 'before-start',
    order: 0,
    ...members,
  }
}

export function sampleCall(members: Partial<Call> = {}): Call {
  return {
    requestId: 'r-1',
    principal: { account: 'a', tenant: 'a', kind: 'root', id: 'a', name: 'a', policies: [] },
    region: '',
    product: 'p',
    action: 'Do',
    language: 'en',
    ...members,
  }
}
