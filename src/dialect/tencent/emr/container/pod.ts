/** CloudResources.N: the pods of each role of the chosen components, judged (reference: api.json CloudResource, appendix B). */
import type { Disk, Node } from '../../../../domain/cluster/node-group.ts'
import { podRoleOf, type PodRole } from '../../catalogue/container.ts'
import { checkDisk, maxDataDisks } from '../../catalogue/disk.ts'
import { listed } from '../../../../kernel/enumeration.ts'
import type { Random } from '../../../../kernel/random.ts'
import type { ImageInput, RayForm } from '../dynamic-instance/shape.ts'
import { resourceIdLength } from '../identifier.ts'
import { given, invalid, missing, oneOf, unsupported } from '../refusal.ts'
import type { CloudResourceInput } from './shape.ts'
import type { ChosenComponent } from './software.ts'

export interface PodPlan {
  readonly role: PodRole
  readonly count: number
  readonly cpu: number
  readonly memoryGib: number
  readonly disks: readonly Disk[]
  readonly exposed: boolean
  /** A Ray cluster that is made with it. */
  readonly ray?: RayForm
}

const COMPONENT = 'InvalidParameter.InvalidComponent'
const VOLUME_TYPES = ['NEW_PVC', 'HOST_PATH']
const DISK_TYPES = ['CLOUD_PREMIUM', 'CLOUD_SSD']
/** What a scheduler of containers would have to heed. */
const SCHEDULING = [
  'Affinity',
  'Tolerations',
  'PodAffinity',
  'PodAntiAffinity',
  'TopologySpreadConstraints',
  'PodLabels',
] as const

/** Of each role one plan; without any given, the fewest and smallest pods. */
export function readPods(
  resources: readonly CloudResourceInput[] | undefined,
  { chosen, vpc }: { readonly chosen: readonly ChosenComponent[]; readonly vpc: string },
): readonly PodPlan[] {
  const roles = chosen.map(({ role }) => role)
  if (resources === undefined || resources.length === 0) return roles.map(smallest)
  const plans = resources.map((resource, at) =>
    readPod(resource, { name: `CloudResources.${at}`, roles, vpc }),
  )
  const seen = new Set<string>()
  for (const [at, { role }] of plans.entries()) {
    const name = `CloudResources.${at}.ComponentName`
    if (seen.has(role.name))
      throw invalid({ name, code: COMPONENT, rule: 'each is given once', value: role.name })
    seen.add(role.name)
  }
  const left = roles.filter(({ name }) => !seen.has(name)).map(({ name }) => name)
  if (left.length > 0) {
    const code = 'InvalidParameter.InvalidSoftDeployInfo'
    const rule = `it must also have pods of ${listed(left)}`
    throw invalid({ name: 'CloudResources', code, rule })
  }
  return plans
}

function smallest(role: PodRole): PodPlan {
  return { role, count: role.pods.min, cpu: 1, memoryGib: 2, disks: [], exposed: false }
}

interface Place {
  readonly name: string
  readonly roles: readonly PodRole[]
  readonly vpc: string
}

function readPod(resource: CloudResourceInput, { name, roles, vpc }: Place): PodPlan {
  const { ComponentName: asked, PodNumber: count } = resource
  const role = podRoleOf(asked)
  if (!role || !roles.includes(role)) {
    const rule = `of the chosen components there are ${listed(roles.map((each) => each.name))}`
    throw invalid({ name: `${name}.ComponentName`, code: COMPONENT, rule, value: asked })
  }
  const service = given(resource.Service)
  if (service !== undefined && service.toUpperCase() !== role.service) {
    const code = 'InvalidParameter.InvalidServiceName'
    const rule = `${role.name} is of ${role.service}`
    throw invalid({ name: `${name}.Service`, code, rule, value: service })
  }
  checkPodCount(role, count, `${name}.PodNumber`)
  for (const member of SCHEDULING)
    if (resource[member] !== undefined && Object.keys(resource[member]).length > 0)
      throw unsupported(`${name}.${member}`, 'nothing here schedules pods by it')
  checkImage(resource.ImageInfoV2, `${name}.ImageInfoV2`)
  return {
    role,
    count,
    cpu: resource.LimitCpu,
    memoryGib: resource.LimitMemory,
    disks: readVolumes(resource, name),
    exposed: isExposed(resource, { name, vpc }),
    ...readRay(resource, role, name),
  }
}

/** Named as a stateful set names its pods. */
export function newPod(role: string, index: number, random: Random): Node {
  const id = `emr-vm-${random.serial.base36(resourceIdLength)}`
  return { id, index, name: `${role.toLowerCase()}-${index}`, restarts: 0 }
}

/** Throws the role's own code. */
export function checkPodCount(
  { pods, name: role, countCode }: PodRole,
  count: number,
  name: string,
) {
  const isOdd = pods.parity === undefined || count % 2 === 1
  if (count >= pods.min && count <= pods.max && isOdd) return
  const odd = pods.parity === undefined ? '' : ', and an odd number'
  const rule = `${role} must have ${pods.min} to ${pods.max} pods${odd}`
  throw invalid({ name, code: countCode, rule, value: count })
}

/** Nothing here pulls images: the product's own are meant. */
function checkImage(image: ImageInput | undefined, name: string): void {
  if (image === undefined || (image.ImageMode ?? 'official') === 'official') return
  throw unsupported(`${name}.ImageMode`, 'nothing here pulls images')
}

function readVolumes({ VolumeDir, Disks = [] }: CloudResourceInput, name: string): readonly Disk[] {
  const type = given(VolumeDir?.VolumeType) ?? 'NEW_PVC'
  if (!VOLUME_TYPES.includes(type)) {
    const code = 'InvalidParameter.InvalidVolumeType'
    const where = `${name}.VolumeDir.VolumeType`
    throw invalid({ name: where, code, rule: oneOf(VOLUME_TYPES), value: type })
  }
  if (type === 'HOST_PATH') {
    const path = given(VolumeDir?.HostPath?.Path)
    const where = `${name}.VolumeDir.HostPath.Path`
    if (path === undefined) throw missing(where, '/data')
    throw unsupported(`${name}.VolumeDir.VolumeType`, 'there are no machines with paths')
  }
  return Disks.map((disk, at) => readDisk(disk, `${name}.Disks.${at}`))
}

function readDisk(
  {
    DiskType: type = 'CLOUD_PREMIUM',
    DiskCapacity: sizeGib = 0,
    DiskNumber: count = 1,
  }: NonNullable<CloudResourceInput['Disks']>[number],
  name: string,
): Disk {
  if (!DISK_TYPES.includes(type)) {
    const code = 'UnsupportedOperation.UnsupportedDiskType'
    throw invalid({ name: `${name}.DiskType`, code, rule: oneOf(DISK_TYPES), value: type })
  }
  const code = 'InvalidParameter.InvalidDiskSize'
  const problem = checkDisk({ diskType: type, sizeGb: sizeGib })
  if (problem && 'min' in problem) {
    const rule = `it must be between ${problem.min} and ${problem.max}, in steps of ${problem.step}`
    throw invalid({ name: `${name}.DiskCapacity`, code, rule, value: sizeGib })
  }
  if (count < 1 || count > maxDataDisks) {
    const rule = `it must be between 1 and ${maxDataDisks}`
    throw invalid({ name: `${name}.DiskNumber`, code, rule, value: count })
  }
  return { use: 'data', type, sizeGib, count }
}

/** Whether its pods get public addresses: a load balancer inside the network makes none. */
function isExposed(
  { ExternalAccess }: CloudResourceInput,
  { name, vpc }: Pick<Place, 'name' | 'vpc'>,
): boolean {
  const server = ExternalAccess?.CLBServer
  const own = given(server?.VPCSettings?.VpcId)
  if (own !== undefined && own !== vpc) {
    const where = `${name}.ExternalAccess.CLBServer.VPCSettings.VpcId`
    const code = 'InvalidParameter.InvalidCLBServerVpcSetting'
    throw invalid({ name: where, code, rule: `the cluster lies in ${vpc}`, value: own })
  }
  return server?.CLBType === 'PUBLIC_IP'
}

function readRay(
  { EnableDefaultRayCluster: wanted, DynamicInstanceForm: form }: CloudResourceInput,
  role: PodRole,
  name: string,
): { readonly ray?: RayForm } {
  if (!wanted) {
    if (form === undefined) return {}
    const rule = 'it goes with EnableDefaultRayCluster only'
    throw invalid({ name: `${name}.DynamicInstanceForm`, code: 'InvalidParameter', rule })
  }
  if (role.component !== 'tcray')
    throw unsupported(`${name}.EnableDefaultRayCluster`, `${role.service} makes no Ray clusters`)
  if (form === undefined) throw missing(`${name}.DynamicInstanceForm`)
  return { ray: form }
}
