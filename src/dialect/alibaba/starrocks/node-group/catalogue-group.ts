/** A node group in the catalogue's words again: the inverse of what is made of it when it is new (new-group.ts). */
import { residents, type NodeGroup as Group } from '../../../../domain/cluster/node-group.ts'
import type { NodeGroup } from '../../catalogue/node-group.ts'
import { groupExtension } from '../instance/extension.ts'

export function catalogueGroup(group: Group): NodeGroup {
  const [disk] = group.disks
  return {
    cu: group.cpu,
    residentNodeNumber: residents(group).nodes.length,
    storageSize: disk?.sizeGib ?? 0,
    diskNumber: disk?.count ?? 0,
    storagePerformanceLevel: disk?.level ?? '',
    specType: group.machine,
    localStorageInstanceType: groupExtension(group).localStorageInstanceType,
    zoneId: group.zone,
  }
}
