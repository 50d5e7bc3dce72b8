/**
 * What may be asked of clusters. Every verb is one unit of work: the change, its operation, its audit entry and the work item
 * for the reconciler are committed together or not at all. No verb touches a substrate.
 */
import * as domain from '../../domain/cluster/cluster.ts'
import type { Cluster, Tag } from '../../domain/cluster/cluster.ts'
import type { Page } from '../../store/port.ts'
import { limits } from '../../limits.ts'
import type { Call } from '../call.ts'
import { addGroup, type AddGroupRequest } from './add-group.ts'
import { answerIncident, type IncidentAnswer } from './answer-incident.ts'
import {
  installCall,
  serviceCall,
  type InstallRequest,
  type ServiceRequest,
} from './change-service.ts'
import {
  changeCluster,
  checkChange,
  findStarted,
  type ChangeCall,
  type ChangeParts,
  type ChangeStarted,
} from './change.ts'
import { createCluster, findCreated } from './create.ts'
import type { Created, CreateParts, CreateRequest } from './create.ts'
import type { IdempotencyKey } from './idempotency.ts'
import { configureCall, type ConfigurationRequest } from './configure.ts'
import { getCluster, listClusters, type ClusterListing, type ListParts } from './list.ts'
import { modifyCluster, type Modification, type Requirement } from './modify.ts'
import { pagePositions, type PagePositions } from './page-position.ts'
import { quoteChange, type Quote } from './quote.ts'
import { isolateCluster, releaseCluster } from './release.ts'
import { resizeCall, type ResizeRequest } from './resize.ts'
import { regroupCall, type RegroupRequest } from './regroup.ts'
import { removeGroup, type RemoveGroupRequest } from './remove-group.ts'
import { restartCluster, type RestartRequest } from './restart.ts'
import { resumeCluster } from './resume.ts'
import { scaleCall, type ScaleRequest } from './scale.ts'
import { setAccess, type AccessRequest } from './set-access.ts'
import { setDescription } from './set-description.ts'
import { setExtension, type ExtensionRequest } from './set-extension.ts'
import { setMaintenance, type MaintenanceRequest } from './set-maintenance.ts'
import { setPassword } from './set-password.ts'
import { setScripts, type ScriptRequest } from './set-scripts.ts'
import { switchZone, type ZoneSwitch } from './switch-zone.ts'
import { upgradeCall, type UpgradeRequest } from './upgrade.ts'
import { peekClusters } from './visibility.ts'

export interface Clusters {
  /** Throws IdempotencyConflict when the token stands for other parameters, NotSupported when nothing can run it. */
  create(call: Call, request: CreateRequest): Promise<Created>
  /** What an earlier create of the same token and parameters was answered; undefined when there was none. */
  created(call: Call, key: IdempotencyKey): Promise<Created | undefined>
  get(call: Call, id: string): Promise<Cluster>
  list(call: Call, listing: ClusterListing): Promise<Page<'cluster'>>
  /** Those of `ids` that are the caller's, by id; looking this way does not count as looking. */
  peek(call: Call, ids: readonly string[]): Promise<ReadonlyMap<string, Cluster>>
  rename(call: Call, id: string, name: string, require?: Requirement): Promise<void>
  /** What only its dialect knows of it. Returns the flow number. */
  setExtension(call: Call, id: string, request: ExtensionRequest): Promise<number>
  moveResourceGroup(call: Call, id: string, resourceGroup: string): Promise<void>
  /** Finds the cluster by its node group. Throws NodeGroupNotFound. */
  setDescription(call: Call, group: string, description: string): Promise<void>
  /** Scripts of the nodes that come later. */
  setScripts(call: Call, id: string, request: ScriptRequest): Promise<void>
  setMaintenance(call: Call, id: string, decide: MaintenanceRequest): Promise<void>
  /** Tags every cluster of `ids` or none. */
  tag(call: Call, ids: readonly string[], tags: readonly Tag[]): Promise<void>
  untag(call: Call, ids: readonly string[], keys: readonly string[] | 'all'): Promise<void>
  /** Adds, changes and removes tags of one cluster at once; returns the flow number of the operation. */
  retag(
    call: Call,
    id: string,
    tags: { set: readonly Tag[]; remove: readonly string[] },
  ): Promise<number>
  /** What an earlier change of the same token and parameters was answered; undefined when there was none. */
  started(call: Call, key: IdempotencyKey): Promise<ChangeStarted | undefined>
  /** Changes of a running cluster: one at a time, ClusterBusy otherwise. They end in the reconciler. */
  restart(call: Call, id: string, request: RestartRequest): Promise<ChangeStarted>
  /** A restart because of something that happened, at once or at its time. */
  answerIncident(call: Call, id: string, answer: IncidentAnswer): Promise<void>
  /** Daemons of its services and no other process. */
  changeService(call: Call, id: string, request: ServiceRequest): Promise<ChangeStarted>
  /** More components on the nodes that there are. */
  install(call: Call, id: string, request: InstallRequest): Promise<ChangeStarted>
  scale(call: Call, id: string, request: ScaleRequest): Promise<ChangeStarted>
  /** Whole groups, and what they are like, as one change. */
  regroup(call: Call, id: string, request: RegroupRequest): Promise<ChangeStarted>
  resize(call: Call, id: string, request: ResizeRequest): Promise<ChangeStarted>
  upgrade(call: Call, id: string, request: UpgradeRequest): Promise<ChangeStarted>
  /** Throws what the change would be refused with now; nothing is begun. */
  checkChange(call: Call, id: string, request: ResizeRequest | ScaleRequest): Promise<void>
  /** What the change would cost now. Neither supply nor funds are asked. */
  quoteChange(call: Call, id: string, request: ResizeRequest | ScaleRequest): Promise<Quote>
  switchZone(call: Call, id: string, it: ZoneSwitch): Promise<ChangeStarted>
  setPassword(
    call: Call,
    id: string,
    it: { readonly secret: string; readonly password: string },
  ): Promise<ChangeStarted>
  addGroup(call: Call, id: string, request: AddGroupRequest): Promise<ChangeStarted>
  removeGroup(call: Call, id: string, request: RemoveGroupRequest): Promise<ChangeStarted>
  /** 64 hexadecimal digits by which others may know the cluster: the same whenever they are asked for, and not to be guessed. */
  token(call: Call, id: string): Promise<string>
  setAccess(call: Call, id: string, request: AccessRequest): Promise<ChangeStarted>
  configure(call: Call, id: string, request: ConfigurationRequest): Promise<ChangeStarted>
  /** Throws what `configure` would be refused with now; nothing is begun. */
  checkConfiguration(call: Call, id: string, request: ConfigurationRequest): Promise<void>
  /** Starts the deletion. Throws ClusterNotFound for one that is gone or going. */
  release(call: Call, id: string, require?: Requirement): Promise<void>
  /** Puts a prepaid cluster into the recycle state, from which it can be restored or released. */
  isolate(call: Call, id: string): Promise<void>
  /** Brings back one that was stopped in arrears. Throws ClusterBusy for any other one, BalanceShort while it cannot be paid for. */
  resume(call: Call, id: string): Promise<void>
}

export type ClustersParts = CreateParts &
  ChangeParts &
  ListParts & {
    /** Those of this server alone, unless something else is said. */
    readonly positions?: PagePositions
  }

export function clusters(parts: ClustersParts): Clusters {
  const { store } = parts
  const { positions = pagePositions() } = parts
  return {
    create: (call, request) => createCluster(parts, call, request),
    created: (call, key) => findCreated(parts, call, key),
    get: (call, id) => getCluster(parts, call, id),
    list: (call, listing) => listClusters(parts, positions, { call, listing }),
    peek: (call, ids) => store.read((tx) => peekClusters(tx, call, ids)),
    ...modifications(parts),
    setExtension: (call, id, request) => setExtension(parts, call, id, request),
    setDescription: (call, group, description) =>
      setDescription(parts, call, { group, description }),
    setScripts: (call, id, request) => setScripts(parts, call, id, request),
    setMaintenance: (call, id, decide) => setMaintenance(parts, call, id, decide),
    started: (call, key) => findStarted(parts, call, key),
    restart: (call, id, request) => restartCluster(parts, call, id, request),
    answerIncident: (call, id, answer) => answerIncident(parts, call, id, answer),
    changeService: (call, id, request) => changeCluster(parts, serviceCall(call, id, request)),
    install: (call, id, request) => changeCluster(parts, installCall(call, id, request)),
    scale: (call, id, request) => changeCluster(parts, scaleCall(call, id, request)),
    regroup: (call, id, request) => changeCluster(parts, regroupCall(call, id, request)),
    resize: (call, id, request) => changeCluster(parts, resizeCall(call, id, request)),
    upgrade: (call, id, request) => changeCluster(parts, upgradeCall(call, id, request)),
    checkChange: (call, id, request) => checkChange(parts, changeCall(call, id, request)),
    quoteChange: (call, id, request) => quoteChange(parts, changeCall(call, id, request)),
    switchZone: (call, id, it) => switchZone(parts, call, id, it),
    setPassword: (call, id, it) => setPassword(parts, call, id, it),
    addGroup: (call, id, request) => addGroup(parts, call, id, request),
    removeGroup: (call, id, request) => removeGroup(parts, call, id, request),
    async token(call, id) {
      const { account } = await getCluster(parts, call, id)
      return parts.sealer.fingerprint(`token/${account}/${id}`)
    },
    setAccess: (call, id, request) => setAccess(parts, call, id, request),
    configure: (call, id, request) => changeCluster(parts, configureCall(call, id, request)),
    checkConfiguration: (call, id, request) => checkChange(parts, configureCall(call, id, request)),
    release: (call, id, require) => releaseCluster(parts, call, id, require),
    isolate: (call, id) => isolateCluster(parts, call, id),
    resume: (call, id) => resumeCluster(parts, call, id),
  }
}

/** What is only written down about a cluster. */
function modifications(
  parts: ClustersParts,
): Pick<Clusters, 'rename' | 'moveResourceGroup' | 'tag' | 'untag' | 'retag'> {
  const { store } = parts
  const modify = (it: Modification) => store.write((tx) => modifyCluster(tx, parts, it))
  const modifyAll = (ids: readonly string[], it: Omit<Modification, 'id'>): Promise<void> =>
    store.write(async (tx) => {
      for (const id of ids) await modifyCluster(tx, parts, { ...it, id })
    })
  return {
    async rename(call, id, name, require) {
      const renamed = (was: Cluster) => {
        require?.(was)
        return domain.rename(was, name)
      }
      await modify({ call, id, verb: 'rename', modify: renamed })
    },
    async moveResourceGroup(call, id, resourceGroup) {
      const moved = (was: Cluster) => domain.moveResourceGroup(was, resourceGroup)
      await modify({ call, id, verb: 'move', modify: moved })
    },
    tag: (call, ids, tags) =>
      modifyAll(ids, {
        call,
        verb: 'tag',
        modify: (was) => domain.tag(was, tags, limits.tagsPerCluster),
      }),
    untag: (call, ids, keys) =>
      modifyAll(ids, { call, verb: 'untag', modify: (was) => domain.untag(was, keys) }),
    async retag(call, id, { set, remove }) {
      const retagged = (was: Cluster) =>
        domain.tag(domain.untag(was, remove), set, limits.tagsPerCluster)
      return (await modify({ call, id, verb: 'tag', modify: retagged })).flow
    },
  }
}

function changeCall(call: Call, id: string, request: ResizeRequest | ScaleRequest): ChangeCall {
  return 'resize' in request ? resizeCall(call, id, request) : scaleCall(call, id, request)
}
