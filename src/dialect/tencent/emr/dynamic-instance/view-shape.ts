/** What the readings of Ray clusters answer: every documented member with its type (reference: api.json). */
import {
  flag,
  integer,
  list,
  nullable,
  object,
  text,
  type Static,
} from '../../../../shape/shape.ts'

const pair = object({ Name: text(), Value: text() })

const toleration = object({
  Key: text(),
  Value: text(),
  Operator: text(),
  Effect: text(),
  TolerationSeconds: nullable(integer()),
})

const fileSystem = {
  VolumeName: text(),
  FileSystemId: text(),
  FSId: text(),
  Host: text(),
  SubPath: text(),
}

const persistentVolume = object({
  CBSVolumes: list(
    object({ VolumeName: text(), DiskType: text(), DiskSize: integer(), DiskCount: integer() }),
  ),
  CFSVolumes: list(object(fileSystem)),
  COSVolumes: list(
    object({ VolumeName: text(), Secret: text(), Region: text(), Bucket: text(), SubPath: text() }),
  ),
  StorageVolumeName: list(text()),
  VolumeMounts: list(
    object({
      MountName: text(),
      MountPath: text(),
      SubPathMode: text(),
      SubPath: text(),
      MountMode: text(),
    }),
  ),
  StorageVolumeDetail: list(object({ VolumeName: text(), VolumeType: text(), Desc: text() })),
  CFSTurboVolumes: list(object({ ...fileSystem, RootDir: text() })),
  GooseFSVolumes: list(
    object({
      VolumeName: text(),
      ClusterId: text(),
      Namespace: text(),
      SubPath: text(),
      FuseVersion: text(),
      ClientVersion: text(),
      MountOptions: text(),
      JvmOptions: text(),
    }),
  ),
})

const groupSpec = object({
  Name: text(),
  PodCount: integer(),
  MinNodes: integer(),
  MaxNodes: integer(),
  StorageConfigEnabled: flag(),
  GroupType: text(),
  Cpu: integer(),
  MemSize: integer(),
  GpuType: text(),
  Gpu: integer(),
  ResourceLabels: text(),
  Env: list(pair),
  Labels: list(pair),
  Tolerations: list(toleration),
  Scheduler: text(),
  PersistentVolume: persistentVolume,
  PreStartCommand: text(),
  RayStartParams: text(),
})

const pullSecret = nullable(object({ SourceNamespace: text(), SecretNames: list(text()) }))

const customImage = object({
  ImageSourceType: text(),
  ImageInfo: object({
    Region: text(),
    RegistryId: text(),
    DomainName: text(),
    NamespaceName: text(),
    RepositoryName: text(),
    ImageVersion: text(),
    ImagePullPolicy: text(),
    Image: text(),
  }),
  ImagePullSecret: pullSecret,
})

const imageInfo = object({
  ImageMode: text(),
  Region: text(),
  LegacyCCR: flag(),
  FullImageUrl: text(),
  MainVersion: text(),
  RegistryUrl: text(),
  NamespaceName: text(),
  RepoName: text(),
  Tag: text(),
  Username: text(),
  Password: text(),
  ImagePullSecret: pullSecret,
  ImagePullPolicy: text(),
})

export const rayDetail = {
  RayClusterName: text(),
  RayClusterId: integer(),
  SubmitType: integer(),
  Namespace: text(),
  CreateTime: text(),
  UpdateTime: text(),
  Labels: list(pair),
  Tolerations: list(toleration),
  Env: list(pair),
  SupportExternalKerberosService: flag(),
  KerberosCluster: text(),
  Token: text(),
  HeadGroupSpec: groupSpec,
  WorkerGroupSpecs: list(groupSpec),
  StorageConfigEnabled: flag(),
  RedisInstance: nullable(object({ Id: text(), Host: text(), Port: integer() })),
  CustomImage: nullable(customImage),
  DashboardUrl: text(),
  TotalPodCount: integer(),
  HighAvailability: flag(),
  PersistentVolume: persistentVolume,
  RayClusterYaml: text(),
  ImageInfoV2: nullable(imageInfo),
}

export const listedRay = object({
  RayClusterName: text(),
  RayClusterId: integer(),
  PodCount: integer(),
  CreateTime: text(),
  RedisCount: integer(),
  SubmitType: integer(),
  DashboardUrl: text(),
  Namespace: text(),
})

export const webUi = object({ Url: text(), WebUIStatus: integer(), ServiceName: text() })

const detailObject = object(rayDetail)
export type RayDetail = Static<typeof detailObject>
export type ListedRay = Static<typeof listedRay>
export type GroupView = Static<typeof groupSpec>
export type VolumeView = Static<typeof persistentVolume>
export type ImageView = Static<typeof imageInfo>
export type CustomImageView = Static<typeof customImage>
