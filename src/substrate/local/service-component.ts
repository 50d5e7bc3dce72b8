/**
 * Clusters of services as the local substrate runs them: of each service that the cluster's software names, its daemons on the nodes
 * that carry them. What does not run here is refused by name, but for components that every cluster of a product has to have: those
 * are skipped, which the cluster says.
 */
import { isDeepStrictEqual } from 'node:util'
import { isSameDaemon } from '../../domain/cluster/daemon.ts'
import { nodesOf } from '../../domain/cluster/node-group.ts'
import type { Prospect } from '../../domain/cluster/capability.ts'
import type { ClusterSpec, Software } from '../../domain/cluster/spec.ts'
import type { Inquiries } from '../../domain/inquiry.ts'
import { administratorPassword } from '../../domain/cluster/administrator.ts'
import type { Component, DirectoryRequest, PlacedProcess, ProcessPlan } from './component.ts'
import { daemonNameOf, daemonRole, readPlan, settingsOf } from './daemon-role.ts'
import { findJavaHome, unmetJavaHome } from './java-home.ts'
import {
  findMachineProgram,
  unmetMachineProgram,
  machineProgramVersion,
} from './machine-program.ts'
import type { Modules } from './module.ts'
import { jobPlan } from './service-job.ts'
import type {
  DaemonPlan,
  PlacedNode,
  Placement,
  Plugin,
  Service,
  ServiceChange,
} from './service.ts'

export interface ServiceOptions {
  readonly family: string
  readonly services: readonly Service[]
  /** Components that a cluster may have and that do not run here. */
  readonly skipped: readonly string[]
  readonly modules: Modules
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether clients are trusted with this machine, on which their jobs run; not without it. */
  readonly trusted?: boolean
}

export function serviceComponent(options: ServiceOptions): Component {
  const { family, services, modules, env } = options
  const home = {
    library: (part: string) => modules.folder(part) ?? '',
    java(daemon: string) {
      const java = services.find(({ daemons }) => daemons.some(({ name }) => name === daemon))?.java
      const found = findJavaHome(env, java)
      if (found === undefined) throw new Error(unmetJavaHome(env, java) ?? 'there is no Java')
      return found
    },
    absent: (service: Service, plan: DaemonPlan) => absentFor(options, service, plan),
    // One that is gone by now is missed by the shell that would start it, whose daemon alone fails.
    program: (name: string) => findMachineProgram(env, name) ?? name,
  }
  return {
    family,
    workers: [],
    nodeSizes: true,
    configuration: true,
    daemons: true,
    access: [],
    // Without the files for it, a cluster that would need them is refused.
    unmetObjectStorage: () => undefined,
    rollout: 'node',
    roles: services.flatMap((service) =>
      service.daemons.map((daemon) => daemonRole(service, daemon, home)),
    ),
    plan: (nodes, software) => planOf(options, nodes, software),
    unmet: (prospect, copies) => unmetRequirement(options, prospect, copies),
    remark: (software) => remarkOf(options, software),
    inquiries: (processes) => inquiriesOf(services, processes),
    directory: (processes, it) => ensureDirectory(services, processes, it),
    job: (processes, job) =>
      jobPlan({ services, home, env, trusted: options.trusted ?? false }, processes, job),
  }
}

/** On every node that keeps one. */
async function ensureDirectory(
  services: readonly Service[],
  processes: readonly PlacedProcess[],
  { content, reveal }: DirectoryRequest,
): Promise<boolean> {
  const password = administratorPassword(reveal)
  let found = false
  for (const { directory: own } of services)
    for (const { role, directory } of processes) {
      if (role !== own?.daemon) continue
      if (password === undefined)
        throw new Error('the cluster has no administrator with a password')
      await own.ensure(readPlan(directory), content, password)
      found = true
    }
  return found
}

/** Each service by one of its daemons: their plans name all the others. */
function inquiriesOf(services: readonly Service[], processes: readonly PlacedProcess[]): Inquiries {
  const all = services.map(({ inquiries, daemons }): Inquiries => {
    const own = processes.find(({ role }) => daemons.some(({ name }) => name === role))
    return own && inquiries ? inquiries(readPlan(own.directory)) : {}
  })
  return Object.assign({}, ...all) as Inquiries
}

interface Named {
  readonly label: string
  readonly name: string
  readonly version: string
}

/** `spark_hadoop2.8-2.4.3` is spark_hadoop2.8 of version 2.4.3. */
function componentsOf({ components }: Software): readonly Named[] {
  return components.map((label) => {
    const [, name = label, version = ''] = /^(.+)-(\d[\w.]*)$/.exec(label) ?? []
    return { label, name, version }
  })
}

/** Those that run, or are missed; an optional one of which the machine has no program is neither. */
function servicesOf(options: ServiceOptions, software: Software): readonly Service[] {
  const named = new Set(componentsOf(software).map(({ name }) => name))
  return options.services.filter(
    (service) =>
      service.components.some((name) => named.has(name)) &&
      unmetOptional(options, service) === undefined,
  )
}

function unmetOptional(
  { env }: ServiceOptions,
  { program, optional }: Service,
): string | undefined {
  return program && optional ? unmetMachineProgram(env, program) : undefined
}

function planOf(
  options: ServiceOptions,
  nodes: readonly PlacedNode[],
  software: Software,
): readonly ProcessPlan[] {
  const daemons = servicesOf(options, software).flatMap((service) => service.daemons)
  return daemons.flatMap((daemon) =>
    placed(nodes, software)
      .filter(({ at }) => daemon.runsOn(at))
      .map(({ id }) => ({ role: daemon.name, node: id })),
  )
}

function placed(
  nodes: readonly PlacedNode[],
  { metadata }: Software,
): readonly { id: string; at: Placement }[] {
  const roles = new Set(nodes.map(({ role }) => role))
  const ownMetadata = metadata !== undefined && 'host' in metadata
  const counts = new Map<string, number>()
  return nodes.map(({ id, role }) => {
    const place = counts.get(role) ?? 0
    counts.set(role, place + 1)
    return { id, at: { role, place, roles, ownMetadata } }
  })
}

type NamedRequirement = ReturnType<NonNullable<Component['unmet']>>

function unmetRequirement(
  options: ServiceOptions,
  prospect: Prospect,
  copies: ServiceChange['copies'],
): NamedRequirement {
  return (
    strange(options, prospect.spec) ??
    unset(options, prospect.spec) ??
    unmetMetadata(options, prospect.spec) ??
    unmetChange(options, prospect, copies) ??
    unmetOrder(options, prospect) ??
    missing(options, prospect.spec)
  )
}

/** A component that does not run here. */
function strange(options: ServiceOptions, { software }: ClusterSpec): NamedRequirement {
  const known = [...options.services.flatMap(({ components }) => components), ...options.skipped]
  const found = componentsOf(software).find(({ name }) => !known.includes(name))
  if (!found) return undefined
  const runs = options.services.flatMap(({ components }) => components).join(', ')
  const detail = `${found.name} does not run on this machine, which runs ${runs}; the tag emrys:substrate chooses another substrate`
  return { what: found.label, detail }
}

const PROPERTY = /^[\w.-]{1,256}$/
const LINE_END = /[\r\n\0]/
const BUCKET = /(^|[\s,=:'"])(cosn?|s3[an]?|oss):\/\//i

type Configured = Pick<Service, 'name' | 'configurable' | 'unmetSetting' | 'buckets'>

/** A setting that would have no effect, or another one. */
function unset(options: ServiceOptions, spec: ClusterSpec): NamedRequirement {
  const services = servicesOf(options, spec.software)
  const names = services.map(({ name }) => name)
  const plugins = pluginsOf(services).map(({ part, configurable = {} }): Configured => ({
    name: part,
    configurable,
  }))
  const all: readonly Configured[] = [...services, ...plugins]
  const files = new Map(
    all.flatMap((of) => Object.entries(of.configurable).map(([file, own]) => [file, { of, own }])),
  )
  for (const { service, file, properties } of spec.configuration) {
    const found = files.get(file)
    if (!found)
      return { what: `${service} ${file}`, detail: 'on this machine it configures nothing' }
    for (const [name, value] of Object.entries(properties)) {
      const what = `${service} ${file} ${name}`
      if (found.own.includes(name)) return { what, detail: 'the substrate itself sets it' }
      const unmet = found.of.unmetSetting?.({ file, name, value, services: names })
      if (unmet !== undefined) return { what, detail: unmet }
      // What a line ends is another setting.
      if (!PROPERTY.test(name) || LINE_END.test(value))
        return { what, detail: 'it cannot be written down as one line' }
      if (!BUCKET.test(value) || (found.of.buckets !== undefined && spec.storage)) continue
      const detail = spec.storage
        ? `${found.of.name} comes to no bucket on this machine`
        : 'the cluster has no keys to buckets'
      return { what, detail }
    }
  }
  return undefined
}

/** A database for metadata that cannot be used from here. */
function unmetMetadata(options: ServiceOptions, { software }: ClusterSpec): NamedRequirement {
  const { metadata } = software
  if (!metadata || !servicesOf(options, software).some((each) => each.keepsMetadata))
    return undefined
  if ('existing' in metadata)
    return { what: metadata.existing, detail: 'no database of the cloud is on this machine' }
  if (metadata.answered) return undefined
  const what = `${metadata.host}:${metadata.port}`
  const detail = 'metadata are kept there only where the server may ask it (metadata.probe)'
  return { what, detail }
}

function unmetChange(
  options: ServiceOptions,
  { spec, before }: Prospect,
  copies: ServiceChange['copies'],
): NamedRequirement {
  if (!before) return undefined
  const placedNodes = ({ groups }: ClusterSpec) =>
    groups.flatMap(({ role, nodes }) => nodes.map(({ id }) => ({ id, role })))
  for (const service of servicesOf(options, spec.software)) {
    const settings = settingsOf(spec.configuration)
    const nodes = { before: placedNodes(before), after: placedNodes(spec) }
    const change = { settings, ...nodes, ...(copies ? { copies } : {}) }
    const detail = service.unmetChange?.(change)
    if (detail !== undefined) return { what: service.name, detail }
  }
  return undefined
}

/** Orders for daemons of which none runs here would have no effect; beside others they have that of those. */
function unmetOrder({ services }: ServiceOptions, { spec, before }: Prospect): NamedRequirement {
  if (!before) return undefined
  const ordersOf = ({ groups }: ClusterSpec) =>
    new Map(
      nodesOf(groups).flatMap(({ id, daemons = [] }) =>
        daemons.map((order) => [`${id} ${order.service} ${order.name}`, order] as const),
      ),
    )
  const [was, now] = [ordersOf(before), ordersOf(spec)]
  const changed = [...was.entries(), ...now.entries()].flatMap(([key, order]) =>
    isDeepStrictEqual(was.get(key), now.get(key)) ? [] : [order],
  )
  const known = services.flatMap((service) =>
    service.daemons.flatMap(({ process }) =>
      process === undefined ? [] : [daemonNameOf(service, process)],
    ),
  )
  const [first] = changed
  if (!first || changed.some((order) => known.some((each) => isSameDaemon(each, order))))
    return undefined
  return { what: `${first.service} ${first.name}`, detail: 'it does not run on this machine' }
}

/** What is not on this machine, with what brings it. */
function missing(
  options: ServiceOptions,
  { software, groups, storage }: ClusterSpec,
): NamedRequirement {
  const services = servicesOf(options, software)
  if (services.length === 0 || nodesOf(groups).length === 0)
    return { what: options.family, detail: 'none of its components runs on this machine' }
  for (const { name, program } of services) {
    const unmet = program && unmetMachineProgram(options.env, program)
    if (unmet !== undefined) return { what: name, detail: unmet }
  }
  const { modules } = options
  const isAbsent = (part: string) =>
    modules.unmet(part) !== undefined && !(modules.awaited && modules.folder(part) !== undefined)
  const absent = [
    ...services.filter(({ part }) => part !== undefined && isAbsent(part)).map(({ name }) => name),
    ...pluginsOf(services).flatMap(({ part }) => (isAbsent(part) ? [part] : [])),
    ...new Set(services.flatMap(({ buckets }) => (storage && buckets) ?? []).filter(isAbsent)),
  ]
  if (absent.length > 0) {
    const names = absent.join(' ')
    const detail = `what it runs of is not on this machine; \`emrys engines fetch ${names}\` brings it`
    return { what: names, detail }
  }
  const lacks = services.flatMap(({ name, java, program }) => {
    const detail = program ? undefined : unmetJavaHome(options.env, java)
    return detail === undefined ? [] : [{ what: java ? name : options.family, detail }]
  })
  return lacks[0]
}

/** What of a service is still being fetched while its daemon waits for it, in a sentence. */
function absentFor(
  { services, modules: { awaited } }: ServiceOptions,
  service: Service,
  { peers, buckets }: DaemonPlan,
): string | undefined {
  if (!awaited) return undefined
  const there = services.filter(({ daemons }) =>
    daemons.some(({ name }) => peers.some(({ daemon }) => daemon === name)),
  )
  const plugins = pluginsOf(there).filter((each) => service.plugins?.includes(each))
  const parts = [service.part, buckets && service.buckets, ...plugins.map(({ part }) => part)]
  // Each is asked for, so that all are on their way.
  return parts.flatMap((part) => (part === undefined ? [] : (awaited(part) ?? []))).at(0)
}

/** Those that have something to do beside the services of a cluster. */
function pluginsOf(services: readonly Service[]): readonly Plugin[] {
  const names = new Set(services.map(({ name }) => name))
  return services.flatMap(({ plugins = [] }) =>
    plugins.filter(({ beside }) => beside === undefined || names.has(beside)),
  )
}

function remarkOf(options: ServiceOptions, software: Software): string | undefined {
  const named = componentsOf(software)
  const serviceOf = (name: string) =>
    options.services.find(({ components }) => components.includes(name))
  const runs = named.flatMap(({ label, name, version }) => {
    const service = serviceOf(name)
    if (!service || unmetOptional(options, service) !== undefined) return []
    const { program } = service
    const own = (program && machineProgramVersion(options.env, program)) ?? service.version
    return own === version ? [] : [`${label} runs as ${own}`]
  })
  const passed = named.flatMap(({ label, name }) => {
    const service = serviceOf(name)
    const unmet = service && unmetOptional(options, service)
    if (unmet !== undefined) return [`${label} (${unmet})`]
    return options.skipped.includes(name) ? [label] : []
  })
  const parts = [...runs, ...(passed.length > 0 ? [`not run here: ${passed.join(', ')}`] : [])]
  return parts.length === 0 ? undefined : parts.join('; ')
}
