/**
 * Which data disks grow, and to what size, judged against the cluster (reference: tencent-emr.md 3.7, appendix B). Without DiskIds
 * and ResizeAll, all data disks of the nodes are meant. Only cloud disks can grow.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { sizeOf, type NodeSize } from '../../../../domain/cluster/node-group.ts'
import type { Scope } from '../../../../domain/cluster/spec.ts'
import { checkDisk } from '../../catalogue/disk.ts'
import { machineIdOf } from '../identifier.ts'
import { invalid, missing, unsupported } from '../refusal.ts'
import { dataDisksOf, withDataDisks, type DataDisk } from './data-disk.ts'
import { selectNodes, type PlacedNode } from './selection.ts'
import { machineOf } from './terms.ts'

export interface DiskGrowth {
  readonly sizeGib: number
  readonly machines: readonly string[]
  /** Undefined for all of the nodes' data disks. */
  readonly disks: readonly string[] | undefined
}

export function readGrowth(input: {
  readonly DiskSize: number
  readonly CvmInstanceIds: readonly string[]
  readonly DiskIds?: readonly string[] | undefined
  readonly ResizeAll?: boolean | undefined
}): DiskGrowth {
  const { DiskSize: sizeGib, CvmInstanceIds: machines, DiskIds = [], ResizeAll: all } = input
  if (all === true && DiskIds.length > 0) {
    const rule = 'with ResizeAll no disks are named'
    throw invalid({ name: 'DiskIds', code: 'InvalidParameterValue', rule, value: DiskIds[0] ?? '' })
  }
  if (all === false && DiskIds.length === 0) throw missing('DiskIds')
  return { sizeGib, machines, disks: DiskIds.length > 0 ? DiskIds : undefined }
}

export function growthOf(
  was: Cluster,
  { sizeGib, machines, disks }: DiskGrowth,
): { scope: Scope; direction: 'up'; size: (was: NodeSize) => NodeSize } {
  const chosen = selectNodes(was, {
    name: 'CvmInstanceIds',
    ids: machines,
    idOf: (node) => machineIdOf(node.id),
    code: 'ResourceNotFound.CvmInstanceNotFound',
  })
  const places = disks && placesOf(chosen, disks)
  for (const { group, node } of chosen) {
    const size = sizeOf(group, node)
    if (machineOf(size).localDisk)
      throw unsupported('CvmInstanceIds', `the data disks of ${node.name} come with its machine`)
    const own = dataDisksOf(node.id, size)
    for (const disk of own.filter((_, at) => places === undefined || places.has(at)))
      checkGrowth(disk, sizeGib)
  }
  return {
    scope: { of: 'nodes', nodes: chosen.map(({ node }) => node.id) },
    direction: 'up',
    size: (size) => withDataDisks(size, { places, sizeGib }),
  }
}

/** The places of the named disks, which are the same on every node. */
function placesOf(chosen: readonly PlacedNode[], ids: readonly string[]): ReadonlySet<number> {
  const wanted = new Set(ids)
  const known = new Set<string>()
  const places = chosen.map(({ group, node }) => {
    const own = dataDisksOf(node.id, sizeOf(group, node))
    for (const { id } of own) known.add(id)
    return own.flatMap(({ id }, at) => (wanted.has(id) ? [at] : []))
  })
  const lost = ids.findIndex((id) => !known.has(id))
  if (lost >= 0) {
    const rule = 'it is no data disk of these nodes'
    const name = `DiskIds.${lost}`
    throw invalid({ name, code: 'InvalidParameterValue', rule, value: ids[lost] ?? '' })
  }
  const [first = []] = places
  if (places.some((each) => each.join() !== first.join()))
    throw unsupported('DiskIds', 'of every node the same disks are resized at once')
  return new Set(first)
}

function checkGrowth({ id, type, sizeGib: before }: DataDisk, sizeGb: number): void {
  const problem = checkDisk({ diskType: type, sizeGb })
  const range =
    problem && 'max' in problem
      ? `at most ${problem.max} and in steps of ${problem.step}`
      : undefined
  if (!problem && sizeGb > before) return
  const rule = `it must be more than the ${before} GB of ${id}, ${range ?? 'and a multiple of 10'}`
  throw invalid({ name: 'DiskSize', code: 'InvalidParameter.InvalidDiskSize', rule, value: sizeGb })
}
