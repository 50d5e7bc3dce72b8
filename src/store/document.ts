/**
 * What the store can remember: one kind per noun, each a document with the few columns that listings and look-ups need.
 * Adding a noun is one line in `Documents` and one in `columnsOf`.
 */
import { referenceText } from '../domain/account.ts'
import type { AccessKey, Account, CustomPolicy, Role, Session, User } from '../domain/account.ts'
import type { Backup, BackupPolicy } from '../domain/backup.ts'
import { changeVerb } from '../domain/cluster/change.ts'
import type { Cluster } from '../domain/cluster/cluster.ts'
import type { Json } from '../kernel/json.ts'
import type { Directory } from '../domain/directory.ts'
import type { EncryptionKey } from '../domain/encryption-key.ts'
import { resourceKey, type Resource, type ResourceKind } from '../domain/environment.ts'
import { isOpen, type Inspection } from '../domain/inspection.ts'
import type { JobFlow } from '../domain/job-flow.ts'
import type { LogDelivery } from '../domain/log-delivery.ts'
import type { Coupon } from '../domain/coupon.ts'
import type { Wallet } from '../domain/ledger.ts'
import type { Operation } from '../domain/operation.ts'
import type { Order } from '../domain/order.ts'
import type { ScalingStrategy } from '../domain/scaling-strategy.ts'
import type { ScalingRule } from '../domain/scaling-rule.ts'

export interface Documents {
  cluster: Cluster
  operation: Operation
  order: Order
  account: Account
  user: User
  accessKey: AccessKey
  role: Role
  policy: CustomPolicy
  session: Session
  resource: KnownResource
  wallet: Wallet
  coupon: Coupon
  encryptionKey: EncryptionKey
  scalingRule: ScalingRule
  backup: Backup
  backupPolicy: BackupPolicy
  directory: Directory
  scalingStrategy: ScalingStrategy
  jobFlow: JobFlow
  logDelivery: LogDelivery
  inspection: Inspection
  record: SharedRecord
}

export type Kind = keyof Documents

/** What the servers of one store keep in it together, beside what clients know of: of no account. */
export interface SharedRecord {
  readonly id: string
  readonly account: ''
  readonly group: string
  readonly name: string
  readonly value: Json
}

/** A resource of an account that no file declares: adopted on first sight, or made for a cluster. */
export interface KnownResource {
  /** The account with the resource's own key: ids of resources are unique within a cloud, not here. */
  readonly id: string
  readonly account: string
  readonly origin: 'adopted' | 'made'
  readonly createdMs: number
  readonly resource: Resource
}

/**
 * What listings and look-ups see of a document: one column for each meaning, empty for kinds that have none. A save may change
 * `name`, `state`, `resourceGroup`, `verb`, `tags`, `policies` and `nodeGroups`; the others are fixed when the document is inserted.
 */
export interface Columns {
  readonly account: string
  readonly region: string
  readonly product: string
  readonly id: string
  readonly name: string
  /** Where the document stands in its life: a state or a status. */
  readonly state: string
  /** The id of the document this one belongs to; empty for those that stand alone. */
  readonly parent: string
  /** A second, numeric handle by which clients may look a document up; 0 for none. */
  readonly handle: number
  /** Of a cluster. */
  readonly resourceGroup: string
  /** Of an operation: what was requested of its cluster. Of a cluster: how it is being changed. */
  readonly verb: string
  /** Of an operation: what of the cluster it is about; empty for the whole. */
  readonly subject: string
  /** Of an operation: the text by which clients may follow it. */
  readonly trace: string
  /** Of an account: the cloud whose rules it lives by. */
  readonly dialect: string
  readonly roleKind: string
  readonly resourceKind: string
  /** Of a resource: whether it was adopted or made. */
  readonly origin: string
  /** Of a cluster: the server on whose machine it runs, where that matters. */
  readonly home: string
  readonly tags: readonly { readonly key: string; readonly value: string }[]
  /** Of users and roles: the policies that are attached, as `referenceText` writes them. */
  readonly policies: readonly string[]
  /** Of a cluster: the ids of its node groups, but not of those that are named after it (`<cluster>.<role>`). */
  readonly nodeGroups: readonly string[]
}

type Extract = { readonly [kind in Kind]: (document: Documents[kind]) => Columns }

const none = {
  region: '',
  product: '',
  name: '',
  parent: '',
  handle: 0,
  resourceGroup: '',
  verb: '',
  subject: '',
  trace: '',
  dialect: '',
  roleKind: '',
  resourceKind: '',
  origin: '',
  home: '',
  tags: [],
  policies: [],
  nodeGroups: [],
}

export const columnsOf: Extract = {
  cluster: (it) => ({
    ...none,
    ...pick(it),
    state: it.status.state,
    region: it.region,
    product: it.product,
    name: it.name,
    resourceGroup: it.resourceGroup,
    home: homeOf(it.substrate),
    verb: it.change ? changeVerb(it.change) : '',
    tags: it.tags,
    nodeGroups: it.spec.groups.map(({ id }) => id).filter((id) => !id.startsWith(`${it.id}.`)),
  }),
  operation: (it) => ({
    ...none,
    ...pick(it),
    state: it.status,
    parent: it.cluster,
    handle: it.flow,
    verb: it.verb,
    subject: it.subject ?? '',
    trace: it.trace,
  }),
  order: (it) => ({ ...none, ...pick(it), parent: it.cluster }),
  account: (it) => ({ ...none, ...pick(it), name: it.name, state: it.status, dialect: it.dialect }),
  user: (it) => ({
    ...none,
    ...pick(it),
    name: it.name,
    state: it.status,
    policies: it.policies.map(referenceText),
  }),
  accessKey: (it) => ({
    ...none,
    ...pick(it),
    state: it.status,
    parent: `${it.account}/${it.user}`,
  }),
  role: (it) => ({
    ...none,
    ...pick(it),
    name: it.name,
    roleKind: it.kind,
    policies: it.policies.map(referenceText),
  }),
  policy: (it) => ({ ...none, ...pick(it), name: it.name }),
  session: (it) => ({ ...none, ...pick(it), name: it.name, parent: `${it.account}/${it.role}` }),
  resource: ({ resource, ...it }) => ({
    ...none,
    ...pick(it),
    region: resource.region,
    name: resource.id,
    resourceKind: resource.kind,
    origin: it.origin,
    parent: parentOf(it.account, resource),
  }),
  wallet: (it) => ({ ...none, ...pick(it) }),
  coupon: (it) => ({ ...none, ...pick(it) }),
  scalingRule: (it) => ({
    ...none,
    ...pick(it),
    name: it.name,
    state: it.over ? 'over' : 'open',
    parent: it.group,
  }),
  backup: (it) => ({
    ...none,
    ...pick(it),
    region: it.region,
    product: it.product,
    parent: it.cluster,
  }),
  backupPolicy: (it) => ({
    ...none,
    ...pick(it),
    region: it.region,
    product: it.product,
    parent: it.cluster,
  }),
  scalingStrategy: (it) => ({ ...none, ...pick(it), name: it.name, parent: it.cluster }),
  inspection: (it) => ({
    ...none,
    ...pick(it),
    state: isOpen(it) ? 'open' : 'over',
    parent: it.cluster,
  }),
  jobFlow: (it) => ({ ...none, ...pick(it), name: it.name, parent: it.cluster }),
  directory: (it) => ({ ...none, ...pick(it), parent: it.id }),
  logDelivery: (it) => ({ ...none, ...pick(it) }),
  record: (it) => ({ ...none, ...pick(it), name: it.name, parent: it.group }),
  encryptionKey: (it) => ({ ...none, ...pick(it), region: it.region, name: it.name }),
}

export function knownId(account: string, kind: ResourceKind, id: string, region: string): string {
  return `${account}/${resourceKey(kind, id, region)}`
}

/** What runs on the machine of one of several servers is on a substrate that is named after it: `local@server`. */
function homeOf(substrate: string): string {
  return substrate.split('@')[1] ?? ''
}

/** What lies in a network is found by it. */
function parentOf(account: string, { network, region }: Resource): string {
  return network === undefined ? '' : knownId(account, 'network', network, region)
}

function pick(it: { id: string; account: string; state?: string }): {
  id: string
  account: string
  state: string
} {
  return { id: it.id, account: it.account, state: it.state ?? '' }
}
