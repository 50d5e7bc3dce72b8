/**
 * The nodes of serverless HBase, and what they cost: no price list is published, so that a node costs what the standard machine of its
 * size does, and its disk what such a disk does (reference: tencent-emr.md api.json CreateSLInstance; prices are inferred).
 */
import type { Disk, NodeSize } from '../../../../domain/cluster/node-group.ts'
import type { OrderItem } from '../../../../domain/order.ts'
import { findInstanceType, type InstanceType } from '../../catalogue/instance-type.ts'
import { priceOf, type Price, type Term } from '../../catalogue/price.ts'

/** Each with the machine whose price it has. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['4C16G', 'S5.LARGE16'],
  ['8C32G', 'S5.2XLARGE32'],
  ['16C64G', 'S5.4XLARGE64'],
  ['32C128G', 'S5.8XLARGE128'],
])

export const nodeTypes = ['4C16G', '8C32G', '16C64G', '32C128G'] as const
export const diskTypes = ['CLOUD_HSSD', 'CLOUD_BSSD'] as const

export function cpuOf(nodeType: string): number {
  return machineOf(nodeType).cpu
}

export function sizeOfNode(
  nodeType: string,
  { diskType, sizeGb }: { readonly diskType: string; readonly sizeGb: number },
): NodeSize {
  const { cpu, memoryMb } = machineOf(nodeType)
  const disk: Disk = { use: 'data', type: diskType, sizeGib: sizeGb, count: 1 }
  return { cpu, memoryMib: memoryMb, machine: nodeType, disks: [disk] }
}

/** Of so many nodes of the size. */
export function priceOfNodes(size: NodeSize, count: number, term: Term): Price {
  const disks = size.disks.map(({ type: diskType, sizeGib: sizeGb, count: each }) => {
    return { diskType, sizeGb, count: each }
  })
  const [first] = disks
  const systemDisk = { diskType: first?.diskType ?? '', sizeGb: 0 }
  const instanceType = machineOf(size.machine)
  const roles = [{ role: 'core', count, instanceType, systemDisk, dataDisks: disks }] as const
  return priceOf({ term, roles, metaDb: false })
}

export function itemsOf(price: Price): readonly OrderItem[] {
  return price.nodes
    .flatMap(({ parts }) => parts)
    .map(({ part, price: each, goodsNum }) => ({ name: `hbase.${part}`, amount: each * goodsNum }))
    .filter(({ amount }) => amount > 0)
}

/** Throws an Error for one that is not sold: it was checked when it was chosen. */
function machineOf(nodeType: string): InstanceType {
  const found = findInstanceType({ instanceType: TYPES.get(nodeType) ?? '' })
  if (!found.ok) throw new Error(`there is no node type ${nodeType}`)
  return found.instanceType
}
