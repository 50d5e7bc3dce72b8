/**
 * What this cloud's clients read back of a cluster and its node groups, beside what the core knows (Cluster.extension). Versions:
 * 1, the first that is declared; documents from before it carry no version and are upgraded when they are loaded.
 */
import { Type, type Static } from '../../../../shape/schema.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { ExtensionDecoder } from '../../../../domain/cluster/extension.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { documentReader, withHead } from '../../../../shape/document.ts'
import { productClass } from '../../catalogue/schema.ts'

const DIALECT = 'tencent'
const VERSION = 1
const HEAD = { dialect: DIALECT, version: VERSION }

const head = { dialect: Type.Literal(DIALECT), version: Type.Literal(VERSION) }
const text = Type.String()
const flag = Type.Boolean()

const tags = Type.Array(Type.Object({ key: text, value: text }))

const nodeSpec = Type.Object({
  id: Type.Integer(),
  role: text,
  prepaid: flag,
  isDefault: flag,
  createdMs: Type.Integer(),
  updatedMs: Type.Integer(),
  machine: text,
  cpu: Type.Integer(),
  memoryMib: Type.Integer(),
  disks: Type.Array(
    Type.Object({
      use: Type.Union([Type.Literal('system'), Type.Literal('data')]),
      type: text,
      sizeGib: Type.Number(),
      count: Type.Integer(),
    }),
  ),
  diskType: text,
  tags,
})

const clusterShape = Type.Object({
  ...head,
  productId: Type.Integer(),
  class: productClass,
  /** Empty for products without scenes. */
  scene: text,
  highAvailability: flag,
  security: flag,
  /** Canonical names of what it was created with; what it has now is in its `software`. */
  components: Type.Array(text),
  publicMaster: flag,
  remoteLogin: flag,
  encrypted: flag,
  storage: Type.Union([Type.Object({ logPath: text }), Type.Null()]),
  publicKeyId: text,
  applicationRole: text,
  placementGroups: Type.Array(text),
  /** `database` is the bought or the existing one's id; empty for a client's own. */
  metadata: Type.Object({
    type: text,
    database: text,
    bought: flag,
    version: text,
    url: text,
    user: text,
    /** Whether the client's own database answered, or why it was not asked; empty for the other kinds. */
    probe: text,
  }),
  /** What nodes may be added in; absent as long as that is what each role was made with. */
  nodeSpecs: Type.Optional(Type.Array(nodeSpec)),
  /** YARN's resource schedule: whether it is on, and by file what it shall say with the next deployment. */
  schedule: Type.Optional(
    Type.Object({
      enabled: flag,
      draft: Type.Record(text, Type.Record(text, text)),
    }),
  ),
  /** Of a cluster whose nodes are pods. */
  container: Type.Optional(
    Type.Object({
      cluster: text,
      bucket: text,
      /** How pages of its jobs are reached: Internal, Public or None. */
      proxy: text,
      /** Pods of its owner's in its namespace, by name, as far as they were reported. */
      foreign: Type.Array(text),
    }),
  ),
})

const groupShape = Type.Object({
  ...head,
  /** As asked for, also where the machine brings its own disks. */
  diskType: text,
  tags,
  /** Of nodes that were added into other placement groups than the cluster's. */
  placementGroups: Type.Optional(Type.Array(text)),
  /** Of a group of a Ray cluster; `whole` is what its head group keeps of the cluster. Both are as they were sent. */
  ray: Type.Optional(
    Type.Object({
      cluster: text,
      group: Type.Record(text, Type.Unknown()),
      whole: Type.Optional(Type.Record(text, Type.Unknown())),
      updatedMs: Type.Integer(),
    }),
  ),
})

export type ClusterExtension = Static<typeof clusterShape>
export type GroupExtension = Static<typeof groupShape>

/** The members of a new extension; its head is added. */
export function newClusterExtension(
  members: Omit<ClusterExtension, 'dialect' | 'version'>,
): ClusterExtension {
  return { dialect: DIALECT, version: VERSION, ...members }
}

export function newGroupExtension(
  members: Omit<GroupExtension, 'dialect' | 'version'>,
): GroupExtension {
  return { dialect: DIALECT, version: VERSION, ...members }
}

/** Was decoded when the document was loaded, or made above. */
export function clusterExtension({ extension }: Pick<Cluster, 'extension'>): ClusterExtension {
  return extension as ClusterExtension
}

export function groupExtension({ extension }: NodeGroup): GroupExtension {
  return extension as GroupExtension
}

/** The placement groups that the nodes of the group are in. */
export function placementGroupsOf(of: Cluster, { extension }: NodeGroup): readonly string[] {
  const { placementGroups } = extension as GroupExtension
  return placementGroups ?? clusterExtension(of).placementGroups
}

const readCluster = documentReader(clusterShape)
const readGroup = documentReader(groupShape)

export const extensionDecoder: ExtensionDecoder = {
  dialect: DIALECT,
  cluster: (value) =>
    readCluster(withHead(value, HEAD, ({ configuration: _moved, ...rest }) => rest)),
  group: (value) => readGroup(withHead(value, HEAD, (members) => members)),
}
