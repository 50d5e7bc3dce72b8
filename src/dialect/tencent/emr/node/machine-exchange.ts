/**
 * Which nodes get which other machine, judged against the cluster (reference: tencent-emr.md 3.7, appendix B). Machines with disks
 * of their own cannot be exchanged under their data.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { sizeOf, type NodeSize } from '../../../../domain/cluster/node-group.ts'
import type { Scope } from '../../../../domain/cluster/spec.ts'
import { checkOffer, findInstanceType, type InstanceType } from '../../catalogue/instance-type.ts'
import { invalid, unsupported } from '../refusal.ts'
import { placedNodes, selectNodes, type PlacedNode } from './selection.ts'
import { machineOf } from './terms.ts'

const MB_PER_GB = 1024

export interface NewMachine {
  readonly payMode: number
  readonly cpu: number
  readonly memoryGb: number
  /** Undefined keeps each node's family. */
  readonly instanceType: string | undefined
}

export function exchangeOf(
  was: Cluster,
  { machine, ids }: { readonly machine: NewMachine; readonly ids: readonly string[] },
): { scope: Scope; direction: 'up' | 'down'; size: (was: NodeSize) => NodeSize } {
  const own = was.charge.mode === 'prepaid' ? 1 : 0
  if (machine.payMode !== own) {
    const code = 'InvalidParameter.InvalidPaymode'
    const rule = `it must be the cluster's own, ${own}`
    throw invalid({ name: 'PayMode', code, rule, value: machine.payMode })
  }
  const chosen = ids.length === 0 ? placedNodes(was) : chosenNodes(was, ids)
  const types = chosen.map(({ group, node }) => ({ from: machineOf(sizeOf(group, node)), node }))
  for (const { from } of types) checkType(typeFor(from, machine), from, was)
  const changed = types.find(({ from }) => typeFor(from, machine).name !== from.name)
  if (!changed) throw refused('the nodes have it already', machine)
  const { from } = changed
  const smaller = machine.cpu < from.cpu || machine.memoryGb * MB_PER_GB < from.memoryMb
  return {
    scope: ids.length === 0 ? { of: 'cluster' } : { of: 'nodes', nodes: idsOf(chosen) },
    direction: smaller ? 'down' : 'up',
    size: (size) => {
      const { name, cpu, memoryMb } = typeFor(machineOf(size), machine)
      return { ...size, machine: name, cpu, memoryMib: memoryMb }
    },
  }
}

/** Nodes of several roles have specifications of their own and are not changed in one request. */
function chosenNodes(was: Cluster, ids: readonly string[]): readonly PlacedNode[] {
  const name = 'ResourceIdList'
  const code = 'ResourceNotFound.ResourceNotFound'
  const chosen = selectNodes(was, { name, ids, idOf: (node) => node.id, code })
  const roles = [...new Set(chosen.map(({ group }) => group.role))]
  if (roles.length <= 1) return chosen
  throw invalid({
    name,
    code: 'InvalidParameter.InvalidClassification',
    rule: 'its nodes must be of one role',
    value: roles.join(', '),
  })
}

function idsOf(chosen: readonly PlacedNode[]): readonly string[] {
  return chosen.map(({ node }) => node.id)
}

/** Throws InvalidModifySpec. */
function typeFor({ family }: InstanceType, it: NewMachine): InstanceType {
  const { cpu, memoryGb, instanceType } = it
  const memoryMb = memoryGb * MB_PER_GB
  const found = findInstanceType({
    ...(instanceType === undefined ? { spec: family.spec } : { instanceType }),
    cpu,
    memoryMb,
  })
  if (!found.ok) throw refused(`it must be one of ${found.problem.allowed.join(', ')}`, it)
  const { instanceType: type } = found
  if (type.cpu === cpu && type.memoryMb === memoryMb) return type
  const gb = type.memoryMb / MB_PER_GB
  throw refused(
    `${type.name} has ${type.cpu} cores and ${gb} GB, which NewCpu and NewMem must say`,
    it,
  )
}

function checkType(type: InstanceType, from: InstanceType, { spec, charge }: Cluster): void {
  if (type.name === from.name) return
  const local = [from, type].find(({ localDisk }) => localDisk !== undefined)
  if (local) throw unsupported('InstanceType', `${local.name} has disks of its own`)
  const problem = checkOffer(type, { zone: spec.network.zone, payMode: charge.mode })
  if (!problem) return
  const code = 'InvalidParameter.InvalidModifySpec'
  const rule = `it is sold ${problem.problem === 'not-in-zone' ? 'in' : 'as'} ${problem.allowed.join(', ')} only`
  throw invalid({ name: 'InstanceType', code, rule, value: type.name })
}

function refused(rule: string, { instanceType, cpu, memoryGb }: NewMachine) {
  const shown = instanceType ?? `${cpu} cores, ${memoryGb} GB`
  const name = instanceType === undefined ? 'NewCpu' : 'InstanceType'
  return invalid({ name, code: 'InvalidParameter.InvalidModifySpec', rule, value: shown })
}
