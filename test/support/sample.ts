/** Documents for tests that do not care what is in them. */
import type { Call } from '../../src/app/call.ts'
import type { Cluster } from '../../src/domain/cluster/cluster.ts'
import type { NodeGroup } from '../../src/domain/cluster/node-group.ts'
import type { Script } from '../../src/domain/script.ts'

export function sampleCluster(members: Partial<Cluster> = {}): Cluster {
  return {
    id: 'c-1',
    account: 'a',
    region: 'r',
    product: 'p',
    name: 'sample',
    state: 'creating',
    reason: '',
    stateSinceMs: 0,
    createdMs: 0,
    generation: 1,
    observedGeneration: 0,
    substrate: 'simulation',
    software: { family: 'f', version: '1', components: [] },
    charge: { mode: 'postpaid', autoRenew: false },
    network: { vpc: 'v', zone: 'z', subnets: [{ id: 's', zone: 'z' }], securityGroups: [] },
    scope: '',
    groups: [sampleGroup('g-1', 2)],
    tags: [],
    secrets: {},
    traits: {},
    ...members,
  }
}

export function sampleGroup(id: string, nodes: number): NodeGroup {
  return {
    id,
    role: 'worker',
    name: id,
    cpu: 4,
    memoryMib: 8192,
    disks: [],
    zone: 'z',
    subnet: 's',
    spec: '',
    traits: {},
    nodes: Array.from({ length: nodes }, (_, index) => ({
      id: `${id}-${index}`,
      index,
      name: `${id}.${index}`,
      ready: false,
    })),
  }
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
