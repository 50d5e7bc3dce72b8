/**
 * Which nodes get which new data disks, judged against the cluster (reference: tencent-emr.md 3.7, 5.9, api.json AttachDisks). A disk is
 * bought as its cluster is, ends with it, and goes with its node.
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import { sizeOf, type NodeSize } from '../../../../domain/cluster/node-group.ts'
import type { Scope } from '../../../../domain/cluster/spec.ts'
import { checkDataDisks, maxDataDisks } from '../../catalogue/disk.ts'
import { machineIdOf } from '../identifier.ts'
import { invalid, unsupported } from '../refusal.ts'
import { dataDisksOf, withMoreDisks } from './data-disk.ts'
import { diskRefusal } from './disk-choice.ts'
import { selectNodes, type PlacedNode } from './selection.ts'
import { machineOf } from './terms.ts'

export interface Attachment {
  readonly machines: readonly string[]
  readonly disk: { readonly diskType: string; readonly sizeGb: number; readonly count: number }
  /** 1 by the month; undefined as the cluster is. */
  readonly chargeType: number | undefined
  readonly alignment: 'AUTO_RENEW' | 'ALIGN_DEADLINE' | undefined
}

/** Throws CvmInstanceNotFound, InvalidDiskSize, InvalidResourceSpec, DiskInsufficient, NotSupported. */
export function attachmentOf(
  was: Cluster,
  it: Attachment,
): { scope: Scope; direction: 'up'; size: (was: NodeSize) => NodeSize } {
  checkPurchase(was, it)
  const { disk, machines } = it
  const chosen = selectNodes(was, {
    name: 'CvmInstanceIds',
    ids: machines,
    idOf: (node) => machineIdOf(node.id),
    code: 'ResourceNotFound.CvmInstanceNotFound',
  })
  for (const each of chosen) checkRoom(each, disk)
  const { diskType: type, sizeGb: sizeGib, count } = disk
  return {
    scope: { of: 'nodes', nodes: chosen.map(({ node }) => node.id) },
    direction: 'up',
    size: (size) => withMoreDisks(size, { type, sizeGib, count }),
  }
}

function checkPurchase({ charge }: Cluster, { chargeType, alignment }: Attachment): void {
  if (charge.mode === 'postpaid') {
    if (chargeType !== undefined)
      throw unsupported('ChargeType', 'a disk is paid for as its cluster is, by the hour')
    if (alignment !== undefined)
      throw unsupported('AlignType', 'what is paid for by the hour has no end to align')
    return
  }
  if (alignment === 'AUTO_RENEW' && !charge.autoRenew)
    throw unsupported('AlignType', 'a disk is renewed with its cluster, which is not renewed')
}

/** The disks that there are and the new ones together are judged as those of a new node. */
function checkRoom({ group, node }: PlacedNode, disk: Attachment['disk']): void {
  const size = sizeOf(group, node)
  const type = machineOf(size)
  if (type.localDisk)
    throw unsupported('CvmInstanceIds', `the data disks of ${node.name} come with its machine`)
  const { diskType, sizeGb, count } = disk
  const refused = (rule: string) => {
    const code = 'InvalidParameter.InvalidDiskNum'
    return invalid({ name: 'DiskSpec.Count', code, rule, value: count, example: 1 })
  }
  if (count < 1) throw refused('it must be at least 1')
  const wrong = checkDataDisks(type, { diskType, sizeGb, count: 1 }, [])
  if (wrong) throw diskRefusal(wrong, { name: 'DiskSpec', member: 'DefaultDiskSize' })
  const all = dataDisksOf(node.id, size).length + count
  if (all > maxDataDisks)
    throw refused(
      `${node.name} would have ${all} data disks, and a node has at most ${maxDataDisks}`,
    )
}
