/**
 * The resource schedule of YARN: what its files say (in force), and what they shall say with the next deployment (the draft). Queues are
 * properties of the scheduler's file, so that there is one truth: the cluster's configuration (reference: tencent-emr.md 2.6, api.json).
 */
import type { Cluster } from '../../../../domain/cluster/cluster.ts'
import type { ConfigurationFile } from '../../../../domain/cluster/spec.ts'
import { clusterExtension, type ClusterExtension } from '../cluster/extension.ts'
import { invalid } from '../refusal.ts'
import { componentsOf } from '../service/placement.ts'

export type Scheduler = 'capacity' | 'fair'
export type Properties = Readonly<Record<string, string>>

const SERVICE = 'YARN'
const SITE = 'yarn-site.xml'
const CLASS = 'yarn.resourcemanager.scheduler.class'
const PACKAGE = 'org.apache.hadoop.yarn.server.resourcemanager.scheduler'

export const fileOf: { readonly [scheduler in Scheduler]: string } = {
  capacity: 'capacity-scheduler.xml',
  fair: 'fair-scheduler.xml',
}

const classOf: { readonly [scheduler in Scheduler]: string } = {
  capacity: `${PACKAGE}.capacity.CapacityScheduler`,
  fair: `${PACKAGE}.fair.FairScheduler`,
}

/** Throws FailedOperation for a cluster without YARN. */
export function requireYarn(cluster: Cluster): void {
  if (componentsOf(cluster).includes('yarn')) return
  const rule = 'it has no YARN'
  throw invalid({ name: 'InstanceId', code: 'FailedOperation', rule, value: cluster.id })
}

export function isEnabled(cluster: Cluster): boolean {
  return clusterExtension(cluster).schedule?.enabled ?? true
}

/** Of a file on the masters, where the scheduler runs. */
export function inForce(cluster: Cluster, file: string): Properties {
  const master = masterOf(cluster)
  const files = cluster.spec.configuration.filter(
    (each) => each.service === SERVICE && each.file === file && isFor(each, master),
  )
  return Object.assign({}, ...files.map(({ properties }) => properties)) as Properties
}

/** With what is not deployed yet. */
export function latest(cluster: Cluster, file: string): Properties {
  return clusterExtension(cluster).schedule?.draft[file] ?? inForce(cluster, file)
}

export function activeScheduler(cluster: Cluster): Scheduler {
  return schedulerIn(inForce(cluster, SITE))
}

export function latestScheduler(cluster: Cluster): Scheduler {
  return schedulerIn(latest(cluster, SITE))
}

/** Without a word YARN runs its own default. */
function schedulerIn(site: Properties): Scheduler {
  return site[CLASS] === classOf.fair ? 'fair' : 'capacity'
}

/** The files of which something waits for a deployment. */
export function drafted(cluster: Cluster): readonly string[] {
  const draft = clusterExtension(cluster).schedule?.draft ?? {}
  // What was deployed is in force.
  return Object.keys(draft).filter(
    (file) => canonical(draft[file] ?? {}) !== canonical(inForce(cluster, file)),
  )
}

export function withScheduler(cluster: Cluster, scheduler: Scheduler): ClusterExtension {
  const { [CLASS]: _before, ...site } = latest(cluster, SITE)
  const now = inForce(cluster, SITE)[CLASS]
  const own = scheduler === activeScheduler(cluster) ? now : classOf[scheduler]
  return withDraft(cluster, SITE, own === undefined ? site : { ...site, [CLASS]: own })
}

/** What is in force already is no draft. */
export function withDraft(cluster: Cluster, file: string, next: Properties): ClusterExtension {
  const extension = clusterExtension(cluster)
  const { [file]: _before, ...others } = extension.schedule?.draft ?? {}
  const isSame = canonical(next) === canonical(inForce(cluster, file))
  const draft = isSame ? others : { ...others, [file]: { ...next } }
  return { ...extension, schedule: { enabled: isEnabled(cluster), draft } }
}

export function withoutDraft(cluster: Cluster, files: readonly string[]): ClusterExtension {
  const extension = clusterExtension(cluster)
  const kept = Object.entries(extension.schedule?.draft ?? {}).filter(
    ([file]) => !files.includes(file),
  )
  return {
    ...extension,
    schedule: { enabled: isEnabled(cluster), draft: Object.fromEntries(kept) },
  }
}

export function withEnabled(cluster: Cluster, enabled: boolean): ClusterExtension {
  const extension = clusterExtension(cluster)
  return { ...extension, schedule: { draft: extension.schedule?.draft ?? {}, enabled } }
}

/** The whole configuration with the drafts in it, for the masters alone. */
export function deployed(cluster: Cluster): readonly ConfigurationFile[] {
  const master = masterOf(cluster)
  const draft = clusterExtension(cluster).schedule?.draft ?? {}
  const files = Object.keys(draft)
  const kept = cluster.spec.configuration.filter(
    ({ service, file, group }) =>
      !(service === SERVICE && files.includes(file) && group === master),
  )
  const made = files.map((file) => ({
    service: SERVICE,
    version: versionOf(cluster),
    file,
    properties: draft[file] ?? {},
    ...(master === undefined ? {} : { group: master }),
  }))
  return [...kept, ...made]
}

function isFor({ group }: ConfigurationFile, master: string | undefined): boolean {
  return group === undefined || group === master
}

function masterOf({ spec }: Cluster): string | undefined {
  return spec.groups.find(({ role }) => role === 'master')?.id
}

function versionOf({ spec }: Cluster): string {
  const label = spec.software.components.find((each) => each.startsWith('yarn-'))
  return label?.slice('yarn-'.length) ?? ''
}

function canonical(properties: Properties): string {
  return JSON.stringify(Object.entries(properties).sort(([one], [other]) => (one < other ? -1 : 1)))
}
