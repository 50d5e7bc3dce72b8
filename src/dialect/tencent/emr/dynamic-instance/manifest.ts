/**
 * Ray clusters as Kubernetes' manifests: read where a client sends one, and written for those who sent a form (reference: examples.json,
 * CreateDynamicInstance; the kind is KubeRay's RayCluster).
 */
import type { Document } from 'yaml'
import { listOf, recordOf } from '../../../../kernel/json.ts'
import { yaml } from '../../../../kernel/yaml.ts'
import type { RayForm, RayGroupInput } from './shape.ts'
import { refused } from './form.ts'
import type { RayCluster } from './ray.ts'
import { groupFormOf } from './ray.ts'

const NAME = 'DynamicInstanceYaml'
const KIND = 'RayCluster'
const MIB = 1024
/** Powers of 1024 and of 1000 of bytes, in MiB. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['Gi', MIB],
  ['G', 1e9 / MIB ** 2],
  ['Mi', 1],
  ['M', 1e6 / MIB ** 2],
])

export interface ReadManifest {
  readonly form: RayForm
  /** As it was sent, without its base64. */
  readonly text: string
}

/** Throws FailedOperation for what is no manifest of a Ray cluster. */
export function readManifest(base64: string): ReadManifest {
  const text = Buffer.from(base64.trim(), 'base64').toString('utf8')
  const document = yaml().parseDocument(text)
  const [problem] = document.errors
  if (problem) throw refused(NAME, 'it must be YAML in base64', problem.message.slice(0, 80))
  const root = recordOf(toValue(document))
  if (root['kind'] !== KIND) throw refused(NAME, `its kind must be ${KIND}`, root['kind'] ?? '')
  const { name, namespace } = recordOf(root['metadata'])
  const spec = recordOf(root['spec'])
  const workers = listOf(spec['workerGroupSpecs'])
  const head = recordOf(spec['headGroupSpec'])
  return {
    text,
    form: {
      DynamicInstanceName: textOf(name),
      ...(namespace === undefined ? {} : { Namespace: textOf(namespace) }),
      DynamicInstanceGroups: [
        { ...groupOf(head, 'spec.headGroupSpec'), GroupType: 'headGroup', GroupName: 'headGroup' },
        ...workers.map((worker, at): RayGroupInput => {
          const own = recordOf(worker)
          const group = groupOf(own, `spec.workerGroupSpecs.${at}`)
          return { ...group, GroupType: 'workerGroup', GroupName: textOf(own['groupName']) }
        }),
      ],
    },
  }
}

function toValue(document: Pick<Document, 'toJS'>): unknown {
  try {
    // Without aliases: a text that repeats itself by reference grows without bound.
    return document.toJS({ maxAliasCount: 0 })
  } catch {
    throw refused(NAME, 'it must not have aliases', '')
  }
}

type Values = Readonly<Record<string, unknown>>

function groupOf(group: Values, path: string): RayGroupInput {
  const { spec, metadata } = recordOf(group['template'])
  const [container] = listOf(recordOf(spec)['containers'])
  const own = recordOf(container)
  const { limits, requests } = recordOf(own['resources'])
  const size = { ...recordOf(requests), ...recordOf(limits) }
  const counts = {
    ...numberIn(group, 'replicas', 'PodNum'),
    ...numberIn(group, 'minReplicas', 'MinPodNum'),
    ...numberIn(group, 'maxReplicas', 'MaxPodNum'),
  }
  const labels = Object.entries(recordOf(recordOf(metadata)['labels']))
  const envs = listOf(own['env']).map(recordOf)
  return {
    ...counts,
    PodCpu: coresOf(size['cpu'], `${path} cpu`),
    PodMem: gibOf(size['memory'], `${path} memory`),
    Labels: labels.map(([Name, Value]) => ({ Name, Value: textOf(Value) })),
    Envs: envs.map(({ name, value }) => ({ Name: textOf(name), Value: textOf(value) })),
  }
}

function numberIn(group: Values, from: string, to: string): Record<string, number> {
  const value = group[from]
  if (value === undefined || value === null) return {}
  const count = Number(value)
  if (!Number.isInteger(count) || count < 0)
    throw refused(NAME, `${from} must be a whole number`, value)
  return { [to]: count }
}

function coresOf(value: unknown, what: string): number {
  const cores = Number(value)
  if (Number.isInteger(cores) && cores > 0) return cores
  throw refused(NAME, `${what} must be a whole number of cores`, value ?? '')
}

function gibOf(value: unknown, what: string): number {
  const [, digits, unit = ''] = /^(\d{1,9})(Gi|G|Mi|M)$/.exec(textOf(value)) ?? []
  const mib = Number(digits) * (UNITS.get(unit) ?? Number.NaN)
  if (mib > 0) return Math.max(1, Math.ceil(mib / MIB))
  throw refused(NAME, `${what} must be like 2Gi`, value ?? '')
}

/** What a form asks for, as the manifest that says the same. */
export function writeManifest(ray: RayCluster): string {
  const { name, whole } = ray
  if (whole.yaml !== undefined) return whole.yaml
  return yaml().stringify({
    apiVersion: 'ray.io/v1',
    kind: KIND,
    metadata: { name, namespace: whole.Namespace ?? '' },
    spec: {
      headGroupSpec: {
        serviceType: 'ClusterIP',
        rayStartParams: {},
        template: templateOf(groupFormOf(ray.head), 'ray-head'),
      },
      workerGroupSpecs: ray.workers.map((worker) => {
        const form = groupFormOf(worker)
        return {
          groupName: worker.name,
          replicas: worker.nodes.length,
          minReplicas: form.MinPodNum ?? worker.nodes.length,
          maxReplicas: form.MaxPodNum ?? worker.nodes.length,
          rayStartParams: {},
          template: templateOf(form, 'ray-worker'),
        }
      }),
    },
  })
}

function templateOf(form: RayGroupInput, name: string) {
  const { Labels = [], Envs = [], Tolerations = [] } = form
  const size = { cpu: String(form.PodCpu ?? 1), memory: `${form.PodMem ?? 1}Gi` }
  return {
    metadata: Labels.length === 0 ? {} : { labels: labelsOf(Labels) },
    spec: {
      ...(Tolerations.length === 0 ? {} : { tolerations: Tolerations.map(lowered) }),
      containers: [
        {
          name,
          resources: { requests: size, limits: size },
          ...(Envs.length === 0
            ? {}
            : { env: Envs.map(({ Name, Value }) => ({ name: Name, value: Value })) }),
        },
      ],
    },
  }
}

function labelsOf(labels: NonNullable<RayGroupInput['Labels']>): Record<string, string> {
  return Object.fromEntries(labels.map(({ Name = '', Value = '' }) => [Name, Value]))
}

/** `tolerationSeconds` for `TolerationSeconds`. */
function lowered(values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      value,
    ]),
  )
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : ''
}
