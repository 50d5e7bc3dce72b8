/**
 * What this dialect's clients read back of an instance and its groups, beside what the core knows (Cluster.extension). Versions:
 * 1, the first that is declared; documents from before it carry no version and are upgraded when they are loaded.
 */
import { Type, type Static } from '../../../../shape/schema.ts'
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { ExtensionDecoder } from '../../../../domain/cluster/extension.ts'
import type { NodeGroup } from '../../../../domain/cluster/node-group.ts'
import { documentReader, withHead } from '../../../../shape/document.ts'
import { architecture, component, packageType } from '../../catalogue/schema.ts'

const DIALECT = 'alibaba'
const VERSION = 1
const HEAD = { dialect: DIALECT, version: VERSION }

const head = { dialect: Type.Literal(DIALECT), version: Type.Literal(VERSION) }
const text = Type.String()

const instanceShape = Type.Object({
  ...head,
  /** As it was asked for; it must be read back in the same words. */
  requestedVersion: text,
  runMode: text,
  packageType,
  architecture,
  encrypted: Type.Boolean(),
  kmsKeyId: text,
  ossRole: text,
  gatewayType: text,
  multiZone: Type.Boolean(),
  /** The id of the cluster behind the AI functions; empty without them. */
  aiClusterId: text,
  promotion: text,
  catalog: Type.Union([Type.Object({ name: text, type: text }), Type.Null()]),
  linkedPrincipal: Type.Union([Type.Object({ name: text, type: text, id: text }), Type.Null()]),
})

const groupShape = Type.Object({
  ...head,
  component,
  /** Made with the instance and as old as it: its default warehouse, its frontends. */
  defaultGroup: Type.Boolean(),
  localStorageInstanceType: text,
})

export type InstanceExtension = Static<typeof instanceShape>
export type GroupExtension = Static<typeof groupShape>

/** The members of a new extension; its head is added. */
export function newInstanceExtension(
  members: Omit<InstanceExtension, 'dialect' | 'version'>,
): InstanceExtension {
  return { dialect: DIALECT, version: VERSION, ...members }
}

export function newGroupExtension(
  members: Omit<GroupExtension, 'dialect' | 'version'>,
): GroupExtension {
  return { dialect: DIALECT, version: VERSION, ...members }
}

/** Was decoded when the document was loaded, or made above. */
export function instanceExtension({ extension }: Pick<Cluster, 'extension'>): InstanceExtension {
  return extension as InstanceExtension
}

/** Asked for when it was created, or by the observers that it has. */
export function isMultiZone(cluster: Cluster): boolean {
  return instanceExtension(cluster).multiZone || hasObservers(cluster.spec.groups)
}

export function hasObservers(groups: readonly NodeGroup[]): boolean {
  return groups.some((group) => groupExtension(group).component === 'OBSERVER')
}

export function groupExtension({ extension }: NodeGroup): GroupExtension {
  return extension as GroupExtension
}

const readInstance = documentReader(instanceShape)
const readGroup = documentReader(groupShape)

export const extensionDecoder: ExtensionDecoder = {
  dialect: DIALECT,
  cluster: (value) =>
    readInstance(
      withHead(value, HEAD, ({ version, ...rest }) => ({ ...rest, requestedVersion: version })),
    ),
  group: (value) => readGroup(withHead(value, HEAD, ({ description: _moved, ...rest }) => rest)),
}
