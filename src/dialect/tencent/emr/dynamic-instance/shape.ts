/** The members of Ray clusters' requests: forms, their groups and volumes (reference: tencent-emr.md 1, api.json). */
import {
  choice,
  flag,
  integer,
  list,
  object,
  optional,
  text,
  type Static,
} from '../../../../shape/shape.ts'

const word = text({ max: 256 })
const path = text({ max: 1_024 })
/** No document bounds these; a pod has a handful. */
const MANY = { max: 50 }

const nameValue = object({ Name: word, Value: text({ max: 4_096 }) })

export const toleration = object({
  Key: optional(word),
  Value: optional(word),
  Operator: optional(choice(['Equal', 'Exists'])),
  Effect: optional(choice(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])),
  TolerationSeconds: optional(integer({ min: 0 })),
})

const pullSecret = object({
  SourceNamespace: optional(word),
  SecretNames: optional(list(word, MANY)),
})

export const imageInfo = object({
  ImageMode: optional(choice(['official', 'custom', 'imageUrl'])),
  Region: optional(word),
  LegacyCCR: optional(flag()),
  FullImageUrl: optional(path),
  MainVersion: optional(word),
  RegistryUrl: optional(path),
  NamespaceName: optional(word),
  RepoName: optional(word),
  Tag: optional(word),
  Username: optional(text({ max: 256 })),
  Password: optional(text({ secret: true, max: 256 })),
  ImagePullSecret: optional(pullSecret),
  ImagePullPolicy: optional(choice(['Always', 'IfNotPresent', 'Never'])),
})

const customImage = object({
  ImageSourceType: optional(choice(['tcr', 'ccrPersonal', 'ccrAllPersonal'])),
  ImageInfo: optional(
    object({
      Region: optional(word),
      RegistryId: optional(word),
      DomainName: optional(path),
      NamespaceName: optional(word),
      RepositoryName: optional(word),
      ImageVersion: optional(word),
      ImagePullPolicy: optional(word),
      Image: optional(path),
    }),
  ),
  ImagePullSecret: optional(pullSecret),
})

const cbsVolume = object({
  VolumeName: optional(word),
  DiskType: optional(word),
  DiskSize: optional(integer({ min: 1 })),
  DiskCount: optional(integer({ min: 1, max: 20 })),
})

const cosVolume = object({
  VolumeName: optional(word),
  Secret: optional(word),
  Region: optional(word),
  Bucket: optional(word),
  SubPath: optional(path),
})

const fileSystem = {
  VolumeName: optional(word),
  FileSystemId: optional(word),
  FSId: optional(word),
  Host: optional(word),
  SubPath: optional(path),
}

const volumeMount = object({
  MountName: optional(word),
  MountPath: optional(path),
  SubPathMode: optional(word),
  SubPath: optional(path),
  MountMode: optional(choice(['ReadWrite', 'OnlyRead'])),
})

const storage = {
  SupportPV: optional(flag()),
  CBSVolumes: optional(list(cbsVolume, MANY)),
  CFSVolumes: optional(list(object(fileSystem), MANY)),
  COSVolumes: optional(list(cosVolume, MANY)),
  VolumeMounts: optional(list(volumeMount, MANY)),
  CFSTurboVolumes: optional(list(object({ ...fileSystem, RootDir: optional(path) }), MANY)),
  GooseFSVolumes: optional(
    list(
      object({
        VolumeName: optional(word),
        ClusterId: optional(word),
        Namespace: optional(word),
        SubPath: optional(path),
        FuseVersion: optional(word),
        ClientVersion: optional(word),
        MountOptions: optional(path),
        JvmOptions: optional(path),
      }),
      MANY,
    ),
  ),
}

const labelled = {
  Labels: optional(list(object({ Name: optional(word), Value: optional(word) }), MANY)),
  Tolerations: optional(list(toleration, MANY)),
  Envs: optional(list(nameValue, MANY)),
}

const dependService = object({ ServiceName: word, InstanceId: word })

export const rayGroup = object({
  GroupType: optional(choice(['headGroup', 'workerGroup'], { ignoreCase: true })),
  GroupName: optional(text({ max: 64 })),
  PodCpu: optional(integer({ min: 1, max: 1_024 })),
  PodMem: optional(integer({ min: 1, max: 16_384 })),
  PodGpuType: optional(word),
  PodGpu: optional(integer({ min: 0 })),
  PodNum: optional(integer({ min: 0 })),
  MinPodNum: optional(integer({ min: 0 })),
  MaxPodNum: optional(integer({ min: 0 })),
  ...storage,
  ...labelled,
  SchedulingPolicy: optional(text({ max: 8_192 })),
  ResourceLabel: optional(text({ max: 4_096 })),
  PodGpuResourceKey: optional(word),
  PreStartCommand: optional(text({ max: 8_192 })),
  RayStartParams: optional(text({ max: 4_096 })),
})

/** More groups than a Ray cluster has. */
const GROUPS_MAX = 20

export const rayForm = object({
  DynamicInstanceName: optional(text({ max: 64 })),
  Namespace: optional(word),
  SupportHA: optional(flag()),
  CustomImage: optional(customImage),
  DynamicInstanceGroups: optional(list(rayGroup, { max: GROUPS_MAX })),
  ...storage,
  ...labelled,
  DependServices: optional(list(dependService, MANY)),
  SupportToken: optional(flag()),
  ImageInfoV2: optional(imageInfo),
})

export const rayEdit = object({
  ModifyScope: integer({ allowed: [1, 2, 3, 4, 5, 6, 7, 8] }),
  AddDynamicInstanceGroup: optional(rayGroup),
  ...storage,
  ...labelled,
  DependServices: optional(list(dependService, MANY)),
  SupportNewToken: optional(flag()),
  ModifyDynamicInstanceGroup: optional(rayGroup),
  CustomImage: optional(customImage),
  ImageInfoV2: optional(imageInfo),
})

export const instanceType = choice(['RayCluster'], {
  code: 'InvalidParameter.InvalidDynamicInstanceType',
})

/** A manifest in base64: as large as a Kubernetes object is at most in practice. */
export const manifest = text({ max: 96 * 1024 })

export type RayGroupInput = Static<typeof rayGroup>
export type RayForm = Static<typeof rayForm>
export type RayEdit = Static<typeof rayEdit>
export type ImageInput = Static<typeof imageInfo>

const storageObject = object(storage)
export type StorageInput = Static<typeof storageObject>
