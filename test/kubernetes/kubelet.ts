/**
 * A node agent for tests: it places pods on the only node, gives them addresses, and runs what a runner says for them on this machine, or
 * nothing: then they are ready at once. No container, no image, no name service. The API server refuses loopback addresses of pods, so
 * 10.n.x.y is what pods are shown with and 127.n.x.y what is listened on (`reach`). Nothing is ever sent to the former. The n is an
 * agent's own, as tests run beside each other on one machine.
 */
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { cleanUp, type Ending } from '../support/process/clean-up.ts'
import { itemsOf, type Ask } from './api.ts'

export interface Pod {
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly uid: string
    readonly deletionTimestamp?: string
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly status?: PodStatus
  readonly spec: {
    readonly nodeName?: string
    readonly containers: readonly {
      readonly name: string
      readonly image: string
      readonly env?: readonly EnvironmentVariable[]
    }[]
    readonly volumes?: readonly {
      readonly name: string
      readonly persistentVolumeClaim?: { readonly claimName: string }
      readonly configMap?: { readonly name: string }
      readonly secret?: { readonly secretName: string }
    }[]
  }
}

interface EnvironmentVariable {
  readonly name: string
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } }
}

interface PodStatus {
  readonly conditions?: readonly { readonly type: string; readonly reason?: string }[]
  readonly containerStatuses?: readonly {
    readonly restartCount: number
    readonly state: { readonly waiting?: { readonly reason: string } }
  }[]
}

/** What keeps a pod from running: no machine has room, its image is not there, or its process ends each time. */
export interface PodFault {
  readonly kind: 'place' | 'image' | 'crash'
  readonly message: string
}

export interface PodProcess {
  ready(): Promise<boolean>
  end(): Promise<void>
}

/** `folder`: of a claim, kept as long as the test. Undefined where nothing runs. */
export type Runner = (
  pod: Pod,
  at: { readonly host: string; folder(claim: string): string },
) => Promise<PodProcess | undefined>

export interface Kubelet {
  /** The running pods, by namespace and name. */
  readonly pods: ReadonlyMap<
    string,
    { readonly uid: string; readonly host: string; readonly ready: boolean }
  >
  /** Pods that are not running yet do not run as long as this says something of them. */
  fail(fault: (pod: Pod) => PodFault | undefined): void
  /** As `kill -9` does: what runs continues, and nobody looks after it. */
  kill(): void
  /** Another one, which continues with what runs. */
  revive(): void
}

export const reach = (address: string): string => address.replace(/^10\./, '127.')

const NODE = 'node-0'
const LOOK_MS = 50
/** Of the networks that are pods', those of services and of the tests' single addresses (127.244.9.x) apart. */
const NETWORKS = { first: 200, last: 243 }
/** The port of a node agent: whoever listens there on the first address of a network has it. */
const AGENT_PORT = 10250

interface Running {
  readonly uid: string
  readonly host: string
  readonly address: string
  readonly process: PodProcess | undefined
  ready: boolean
}

export function startKubelet(
  t: Ending,
  it: { readonly ask: Ask; readonly directory: string; readonly runner?: Runner },
): Kubelet {
  const { ask, runner = async () => undefined } = it
  const pods = new Map<string, Running>()
  const stop = new AbortController()
  let faultOf: Parameters<Kubelet['fail']>[0] = () => undefined
  let isAlive = true
  let network = 0
  let addresses = 1
  const folder = (namespace: string) => (claim: string) => {
    const path = join(it.directory, namespace, claim)
    mkdirSync(path, { recursive: true, mode: 0o700 })
    return path
  }
  const begin = async (pod: Pod) => {
    addresses++
    const address = `10.${network}.${addresses >> 8}.${addresses & 255}`
    const { name, namespace, uid } = pod.metadata
    const at = { host: reach(address), folder: folder(namespace) }
    const running: Running = { uid, address, host: at.host, process: undefined, ready: false }
    pods.set(keyOf(pod), running)
    const process = await runner(pod, at).catch((problem: unknown) => {
      pods.delete(keyOf(pod))
      throw problem
    })
    pods.set(keyOf(pod), { ...running, process })
    await ask(
      'PATCH',
      `${pathOf(namespace, name)}/status`,
      statusOf(pod, { address, ready: false }),
    )
  }
  const end = async (pod: Pod, running: Running | undefined) => {
    await running?.process?.end()
    pods.delete(keyOf(pod))
    const { name, namespace, uid } = pod.metadata
    const now = { gracePeriodSeconds: 0, preconditions: { uid } }
    await ask('DELETE', pathOf(namespace, name), now)
  }
  const handle = async (pod: Pod) => {
    const { name, namespace, uid, deletionTimestamp } = pod.metadata
    const known = pods.get(keyOf(pod))
    const running = known?.uid === uid ? known : undefined
    if (deletionTimestamp !== undefined) return end(pod, running)
    if (!running) {
      const fault = faultOf(pod)
      if (fault && (fault.kind === 'place' || pod.spec.nodeName !== undefined))
        return failed(ask, pod, fault)
      return pod.spec.nodeName === undefined ? place(ask, pod) : begin(pod)
    }
    const ready = running.process ? await running.process.ready() : true
    if (ready === running.ready) return undefined
    running.ready = ready
    const { address } = running
    await ask('PATCH', `${pathOf(namespace, name)}/status`, statusOf(pod, { address, ready }))
  }
  const loop = async () => {
    network = await ownNetwork(t)
    // Pods of a node that nobody knows are taken for lost after a while.
    await ask('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } })
    while (!stop.signal.aborted) {
      const found = isAlive ? await itemsOf<Pod>(ask, '/api/v1/pods').catch(() => []) : []
      await Promise.all(
        found.map(async (pod) => (isAlive ? handle(pod).catch(() => {}) : undefined)),
      )
      await pause(LOOK_MS)
    }
  }
  const ended = loop()
  cleanUp(t, async () => {
    stop.abort()
    await ended
    await Promise.all([...pods.values()].map(async ({ process }) => process?.end()))
    rmSync(it.directory, { recursive: true, force: true })
  })
  return {
    pods,
    fail: (fault) => void (faultOf = fault),
    kill: () => void (isAlive = false),
    revive: () => void (isAlive = true),
  }
}

/** Held until the end of the test. */
async function ownNetwork(t: Ending): Promise<number> {
  for (let network = NETWORKS.first; network <= NETWORKS.last; network++) {
    const holder = createServer()
    const listening = once(holder, 'listening').then(
      () => true,
      () => false,
    )
    holder.listen({ host: `127.${network}.0.1`, port: AGENT_PORT, exclusive: true })
    if (!(await listening)) continue
    cleanUp(t, () => void holder.close())
    return network
  }
  throw new Error('all networks of pods are taken')
}

function keyOf({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`
}

function pathOf(namespace: string, name: string): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`
}

/** In the scheduler's place. */
async function place(ask: Ask, { metadata: { name, namespace } }: Pod): Promise<void> {
  await ask('POST', `${pathOf(namespace, name)}/binding`, {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name },
    target: { apiVersion: 'v1', kind: 'Node', name: NODE },
  })
}

/** What a scheduler or a kubelet says of such a pod, once: their words and times stay until something else is the case. */
async function failed(ask: Ask, pod: Pod, { kind, message }: PodFault): Promise<void> {
  const { name, namespace } = pod.metadata
  const lastTransitionTime = timeText()
  const [was] = pod.status?.containerStatuses ?? []
  if (kind === 'place') {
    if (pod.status?.conditions?.some(({ reason }) => reason === 'Unschedulable')) return
    const reason = 'Unschedulable'
    const placed = { type: 'PodScheduled', status: 'False', reason, message, lastTransitionTime }
    await ask('PATCH', `${pathOf(namespace, name)}/status`, { status: { conditions: [placed] } })
    return
  }
  const restartCount = kind === 'crash' ? Math.min((was?.restartCount ?? -1) + 1, CRASHES) : 0
  const before = was?.state.waiting?.reason
  if (was?.restartCount === restartCount && before !== 'ErrImagePull' && before !== undefined)
    return
  const pulling = before === undefined ? 'ErrImagePull' : 'ImagePullBackOff'
  const waiting = { reason: kind === 'crash' ? 'CrashLoopBackOff' : pulling, message }
  const condition = (type: string, status: string) => ({ type, status, lastTransitionTime })
  await ask('PATCH', `${pathOf(namespace, name)}/status`, {
    status: {
      phase: kind === 'crash' ? 'Running' : 'Pending',
      // The time is that of the first word.
      ...(before === undefined && {
        conditions: [condition('PodScheduled', 'True'), condition('Ready', 'False')],
      }),
      containerStatuses: pod.spec.containers.map((container) => ({
        name: container.name,
        image: container.image,
        imageID: '',
        ready: false,
        restartCount,
        state: { waiting },
      })),
    },
  })
}

const CRASHES = 6

function timeText(): string {
  return new Date().toISOString().replace(/\.\d+/, '')
}

function statusOf(
  { spec }: Pod,
  { address, ready }: { readonly address: string; readonly ready: boolean },
): unknown {
  const now = timeText()
  const condition = (type: string, holds: boolean) => ({
    type,
    status: holds ? 'True' : 'False',
    lastTransitionTime: now,
  })
  return {
    status: {
      phase: 'Running',
      podIP: address,
      podIPs: [{ ip: address }],
      startTime: now,
      conditions: [
        condition('PodScheduled', true),
        condition('Initialized', true),
        condition('ContainersReady', ready),
        condition('Ready', ready),
      ],
      containerStatuses: spec.containers.map(({ name, image }) => ({
        name,
        image,
        imageID: '',
        ready,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: now } },
      })),
    },
  }
}
