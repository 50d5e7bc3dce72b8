/** A Ray cluster as its clients read it: what they sent, and its pods as they are (reference: api.json). */
import { nodeStatus, type Cluster } from '../../../../domain/cluster/cluster.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { containerOf } from '../container/extension.ts'
import { timeText } from '../time-text.ts'
import { writeManifest } from './manifest.ts'
import { groupFormOf, type RayCluster } from './ray.ts'
import type { RayForm, RayGroupInput, StorageInput } from './shape.ts'
import type {
  CustomImageView,
  GroupView,
  ImageView,
  ListedRay,
  RayDetail,
  VolumeView,
} from './view-shape.ts'

const BY_FORM = 1
const BY_MANIFEST = 2

/** `token`: what its pages ask for; empty where they ask for none. */
export function viewRay(cluster: Cluster, ray: RayCluster, token: string): RayDetail {
  const { whole } = ray
  const { PodCount: count, RedisCount: _none, ...shared } = viewListedRay(cluster, ray)
  return {
    ...shared,
    UpdateTime: timeText(ray.updatedMs),
    Labels: pairs(whole.Labels),
    Tolerations: tolerations(whole.Tolerations),
    Env: pairs(whole.Envs),
    SupportExternalKerberosService: false,
    KerberosCluster: '',
    Token: token,
    HeadGroupSpec: viewGroup(ray.head),
    WorkerGroupSpecs: ray.workers.map(viewGroup),
    StorageConfigEnabled: whole.SupportPV ?? false,
    RedisInstance: null,
    CustomImage: viewCustomImage(whole.CustomImage),
    TotalPodCount: count,
    HighAvailability: false,
    PersistentVolume: viewVolumes(whole),
    RayClusterYaml: writeManifest(ray),
    ImageInfoV2: viewImage(whole.ImageInfoV2),
  }
}

export function viewListedRay(cluster: Cluster, ray: RayCluster): ListedRay {
  const { whole, head, workers } = ray
  return {
    RayClusterName: ray.name,
    RayClusterId: ray.number,
    PodCount: [head, ...workers].reduce((sum, { nodes }) => sum + nodes.length, 0),
    CreateTime: timeText(whole.createdMs),
    RedisCount: 0,
    SubmitType: whole.yaml === undefined ? BY_FORM : BY_MANIFEST,
    DashboardUrl: dashboardOf(cluster, ray),
    Namespace: whole.Namespace ?? '',
  }
}

/** At the head's address, public where the cluster's pages are; empty where it has none for them, or none yet. */
function dashboardOf(cluster: Cluster, { head, name }: RayCluster): string {
  const proxy = containerOf(cluster)?.proxy ?? 'None'
  const [first] = head.nodes
  if (proxy === 'None' || !first) return ''
  const { address, publicAddress } = nodeStatus(cluster, first)
  const shown = proxy === 'Public' ? publicAddress : address
  return shown === undefined || shown === '' ? '' : `http://${shown}/${name}`
}

function viewGroup(group: NodeGroup): GroupView {
  const form = groupFormOf(group)
  const count = group.nodes.length
  return {
    Name: group.name,
    PodCount: count,
    MinNodes: form.MinPodNum ?? count,
    MaxNodes: form.MaxPodNum ?? count,
    StorageConfigEnabled: form.SupportPV ?? false,
    GroupType: form.GroupType ?? '',
    Cpu: group.cpu,
    MemSize: group.memoryMib / 1024,
    GpuType: form.PodGpuType ?? '',
    Gpu: 0,
    ResourceLabels: form.ResourceLabel ?? '',
    Env: pairs(form.Envs),
    Labels: pairs(form.Labels),
    Tolerations: tolerations(form.Tolerations),
    Scheduler: form.SchedulingPolicy ?? '',
    PersistentVolume: viewVolumes(form),
    PreStartCommand: form.PreStartCommand ?? '',
    RayStartParams: form.RayStartParams ?? '',
  }
}

function pairs(list: RayGroupInput['Labels']): { Name: string; Value: string }[] {
  return (list ?? []).map(({ Name = '', Value = '' }) => ({ Name, Value }))
}

function tolerations(list: RayGroupInput['Tolerations']): GroupView['Tolerations'] {
  return (list ?? []).map((each) => ({
    Key: each.Key ?? '',
    Value: each.Value ?? '',
    Operator: each.Operator ?? '',
    Effect: each.Effect ?? '',
    TolerationSeconds: each.TolerationSeconds ?? null,
  }))
}

function viewVolumes({
  CBSVolumes = [],
  COSVolumes = [],
  VolumeMounts = [],
}: StorageInput): VolumeView {
  const disks = CBSVolumes.map((each) => ({
    VolumeName: each.VolumeName ?? '',
    DiskType: each.DiskType ?? '',
    DiskSize: each.DiskSize ?? 0,
    DiskCount: each.DiskCount ?? 1,
  }))
  const buckets = COSVolumes.map((each) => ({
    VolumeName: each.VolumeName ?? '',
    Secret: each.Secret ?? '',
    Region: each.Region ?? '',
    Bucket: each.Bucket ?? '',
    SubPath: each.SubPath ?? '',
  }))
  return {
    CBSVolumes: disks,
    CFSVolumes: [],
    COSVolumes: buckets,
    StorageVolumeName: [...disks, ...buckets].map(({ VolumeName }) => VolumeName),
    VolumeMounts: VolumeMounts.map((each) => ({
      MountName: each.MountName ?? '',
      MountPath: each.MountPath ?? '',
      SubPathMode: each.SubPathMode ?? '',
      SubPath: each.SubPath ?? '',
      MountMode: each.MountMode ?? '',
    })),
    StorageVolumeDetail: [
      ...disks.map(({ VolumeName, DiskSize }) => {
        return { VolumeName, VolumeType: 'CBS', Desc: `size:${DiskSize}GB` }
      }),
      ...buckets.map(({ VolumeName, Bucket, SubPath }) => {
        return { VolumeName, VolumeType: 'COS', Desc: `bucket:${Bucket}${SubPath}` }
      }),
    ],
    CFSTurboVolumes: [],
    GooseFSVolumes: [],
  }
}

type Pull = NonNullable<RayForm['CustomImage']>['ImagePullSecret']

function viewPull(secret: Pull): ImageView['ImagePullSecret'] {
  if (secret === undefined) return null
  const { SourceNamespace = '', SecretNames = [] } = secret
  return { SourceNamespace, SecretNames }
}

function viewCustomImage(image: RayForm['CustomImage']): CustomImageView | null {
  if (image === undefined) return null
  const own = image.ImageInfo ?? {}
  return {
    ImageSourceType: image.ImageSourceType ?? '',
    ImageInfo: {
      Region: own.Region ?? '',
      RegistryId: own.RegistryId ?? '',
      DomainName: own.DomainName ?? '',
      NamespaceName: own.NamespaceName ?? '',
      RepositoryName: own.RepositoryName ?? '',
      ImageVersion: own.ImageVersion ?? '',
      ImagePullPolicy: own.ImagePullPolicy ?? '',
      Image: own.Image ?? '',
    },
    ImagePullSecret: viewPull(image.ImagePullSecret),
  }
}

/** Credentials are refused when they are sent. */
function viewImage(image: RayForm['ImageInfoV2']): ImageView | null {
  if (image === undefined) return null
  return {
    ImageMode: image.ImageMode ?? '',
    Region: image.Region ?? '',
    LegacyCCR: image.LegacyCCR ?? false,
    FullImageUrl: image.FullImageUrl ?? '',
    MainVersion: image.MainVersion ?? '',
    RegistryUrl: image.RegistryUrl ?? '',
    NamespaceName: image.NamespaceName ?? '',
    RepoName: image.RepoName ?? '',
    Tag: image.Tag ?? '',
    Username: '',
    Password: '',
    ImagePullSecret: viewPull(image.ImagePullSecret),
    ImagePullPolicy: image.ImagePullPolicy ?? '',
  }
}
