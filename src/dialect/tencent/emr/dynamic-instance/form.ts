/** What a Ray cluster can be, judged; every refusal is FailedOperation, the only code that is documented (appendix B). */
import { diskOf } from '../../catalogue/disk.ts'
import { readJson } from '../../../../shape/json-text.ts'
import { given, invalid, unsupported } from '../refusal.ts'
import type { ImageInput, RayForm, RayGroupInput, StorageInput } from './shape.ts'

const FORM = 'DynamicInstanceForm'
/** Kubernetes' own rule for names, as the form's document has it, with the digits and hyphens that its examples have. */
const NAME = /^[a-z][a-z0-9-]{0,62}[a-z0-9]$/
const GROUP_NAME = /^[A-Za-z][A-Za-z0-9-]{0,62}$/
const PODS_MAX = 100

export interface ReadRay {
  readonly groups: readonly RayGroupInput[]
  readonly whole: Omit<RayForm, 'DynamicInstanceGroups'>
}

export function readRayForm(form: RayForm, namespace: string): ReadRay {
  const { DynamicInstanceGroups: groups = [], ...whole } = form
  const name = form.DynamicInstanceName ?? ''
  if (!NAME.test(name)) {
    const rule = 'it must have 2 to 64 lower-case letters, digits or -, and begin with a letter'
    throw refused(`${FORM}.DynamicInstanceName`, rule, name)
  }
  const asked = given(form.Namespace)
  if (asked !== undefined && asked !== namespace)
    throw refused(`${FORM}.Namespace`, `the cluster's is ${namespace}`, asked)
  refuseMissing(form, FORM)
  checkStorage(form, FORM)
  const read = groups.map((group, at) =>
    readRayGroup(group, `${FORM}.DynamicInstanceGroups.${at}`, form),
  )
  checkGroups(read)
  return { groups: read, whole: { ...whole, Namespace: namespace } }
}

/** What would need a service that is not there. */
export function refuseMissing(
  form: Pick<RayForm, 'SupportHA' | 'DependServices' | 'ImageInfoV2'>,
  name: string,
): void {
  if (form.SupportHA === true)
    throw unsupported(`${name}.SupportHA`, 'it needs a Redis instance, which nothing here makes')
  if ((form.DependServices ?? []).length > 0)
    throw unsupported(`${name}.DependServices`, 'no cluster is shared')
  checkPull(form.ImageInfoV2, `${name}.ImageInfoV2`)
}

/** A password would lie in the pods' manifest for all to read; Kubernetes has secrets for that. */
function checkPull(image: ImageInput | undefined, name: string): void {
  for (const member of ['Username', 'Password'] as const)
    if (given(image?.[member]) !== undefined)
      throw unsupported(`${name}.${member}`, 'it goes into a secret, which ImagePullSecret names')
}

/** With all that is left open filled in. */
export function readRayGroup(
  group: RayGroupInput,
  name: string,
  form: StorageInput,
): RayGroupInput {
  const { GroupType: type, GroupName: own = '' } = group
  if (type === undefined)
    throw refused(`${name}.GroupType`, 'it must be headGroup or workerGroup', '')
  if (!GROUP_NAME.test(own))
    throw refused(`${name}.GroupName`, 'it must have 1 to 63 letters, digits or -', own)
  if ((group.PodGpu ?? 0) > 0)
    throw unsupported(`${name}.PodGpu`, 'no machine of a container cluster has any')
  checkStorage(group, name, form)
  checkTexts(group, name)
  return { ...group, ...readCounts(group, name) }
}

/** How many pods, between which bounds. */
export function readCounts(
  group: RayGroupInput,
  name: string,
): Pick<RayGroupInput, 'PodNum' | 'MinPodNum' | 'MaxPodNum'> & { readonly PodNum: number } {
  const { PodNum: count = 1, MinPodNum: min = count, MaxPodNum: max = count } = group
  const least = group.GroupType === 'headGroup' ? 1 : 0
  const most = group.GroupType === 'headGroup' ? 1 : PODS_MAX
  if (count < least || count > most)
    throw refused(`${name}.PodNum`, `it must be between ${least} and ${most}`, count)
  if (min > max || max > PODS_MAX)
    throw refused(`${name}.MaxPodNum`, `it must be between ${min} and ${PODS_MAX}`, max)
  if (count < min || count > max)
    throw refused(`${name}.PodNum`, `it must be between ${min} and ${max}`, count)
  return { PodNum: count, MinPodNum: min, MaxPodNum: max }
}

/** File systems that are not of this environment are refused; mounts name volumes that there are. */
export function checkStorage(it: StorageInput, name: string, form: StorageInput = {}): void {
  for (const member of ['CFSVolumes', 'CFSTurboVolumes', 'GooseFSVolumes'] as const)
    if ((it[member] ?? []).length > 0)
      throw unsupported(`${name}.${member}`, 'the environment has no such file system')
  for (const [at, { DiskType = '', DiskSize }] of (it.CBSVolumes ?? []).entries()) {
    const where = `${name}.CBSVolumes.${at}`
    if (diskOf(diskTypeOf(DiskType))?.kind !== 'cloud')
      throw refused(`${where}.DiskType`, 'it must be CLOUD_PREMIUM or CLOUD_SSD', DiskType)
    if (DiskSize === undefined) throw refused(`${where}.DiskSize`, 'it must be given', '')
  }
  const volumes = [form, it].flatMap(({ CBSVolumes = [], COSVolumes = [] }) =>
    [...CBSVolumes, ...COSVolumes].map(({ VolumeName }) => VolumeName),
  )
  for (const [at, { MountName, MountPath = '' }] of (it.VolumeMounts ?? []).entries()) {
    const where = `${name}.VolumeMounts.${at}`
    if (MountName === undefined || !volumes.includes(MountName))
      throw refused(`${where}.MountName`, 'there is no such volume', MountName ?? '')
    if (!MountPath.startsWith('/'))
      throw refused(`${where}.MountPath`, 'it must be an absolute path', MountPath)
  }
}

function checkTexts(group: RayGroupInput, name: string): void {
  for (const member of ['SchedulingPolicy', 'ResourceLabel', 'RayStartParams'] as const) {
    const text = given(group[member])
    if (text === undefined) continue
    const read = readJson(Buffer.from(text))
    if ('problem' in read || typeof read.value !== 'object' || read.value === null)
      throw refused(`${name}.${member}`, 'it must be a JSON object', text)
  }
}

function checkGroups(groups: readonly RayGroupInput[]): void {
  const name = `${FORM}.DynamicInstanceGroups`
  const heads = groups.filter(({ GroupType }) => GroupType === 'headGroup').length
  if (heads !== 1) throw refused(name, 'there must be one headGroup', `${heads} of them`)
  const names = groups.map(({ GroupName }) => GroupName?.toLowerCase())
  const twice = names.findIndex((each, at) => names.indexOf(each) < at)
  if (twice >= 0)
    throw refused(`${name}.${twice}.GroupName`, 'each is given once', names[twice] ?? '')
}

/** By its name on the console, or by the name that it has elsewhere. */
export function diskTypeOf(name: string): string {
  return CONSOLE_NAMES.get(name) ?? name
}

const CONSOLE_NAMES: ReadonlyMap<string, string> = new Map([
  ['高效云盘', 'CLOUD_PREMIUM'],
  ['SSD云盘', 'CLOUD_SSD'],
])

export function refused(name: string, rule: string, value: unknown) {
  return invalid({ name, code: 'FailedOperation', rule, value })
}
