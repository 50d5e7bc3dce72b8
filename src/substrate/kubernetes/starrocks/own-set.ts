/**
 * StatefulSets of our own, for what StarRocks' operator has no place for: further groups of workers, and observers. Workers are started as
 * the operator starts its own, by the entry points of StarRocks' images, which tell the front ends of themselves. Those of front ends make
 * every one a follower, so observers are started without, and the front ends add them by SQL (observer.ts).
 */
import { ownLabels } from '../ownership.ts'
import type { KubernetesObject } from '../resource.ts'
import type { InstanceObjects } from './objects.ts'
import { encryptionMount, encryptionVolume } from './encryption.ts'
import { environmentOf, isEncrypted, OWNER, podPlacement, type PlacedGroup } from './pod.ts'
import { parts, podName, QUERY_PORT, searchName, setName, type Part } from './part.ts'

const CONFIGURATION = '/etc/starrocks'
const HOME = '/opt/starrocks'
/** The time that the operator gives its own. */
const GRACE_S = 120

const frontendPorts = { http: 8030, rpc: 9020, query: QUERY_PORT, 'edit-log': 9010 }
const workerPorts = { webserver: 8040, heartbeat: 9050, brpc: 8060, be: 9060 }

function portsOf({ name }: Part): Readonly<Record<string, number>> {
  return name === 'observer' ? frontendPorts : workerPorts
}

/** Its service, which gives its pods their names, before it. */
export function ownSet(it: InstanceObjects, placed: PlacedGroup): readonly KubernetesObject[] {
  const { part, desired, volumes } = placed
  const name = desired.set
  const selector = { [OWNER]: name }
  const labels = { ...ownLabels(it.installation, it.id), ...selector }
  const metadataOf = (called: string) => ({ name: called, namespace: it.namespace, labels })
  const ports = Object.entries(portsOf(part)).map(([port, number]) => ({
    name: port,
    port: number,
  }))
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadataOf(searchName(name)),
      spec: { clusterIP: 'None', publishNotReadyAddresses: true, selector, ports },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: metadataOf(name),
      spec: {
        replicas: desired.replicas,
        serviceName: searchName(name),
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: selector },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        volumeClaimTemplates: volumes.map((volume) => ({
          metadata: { name: volume.name },
          spec: {
            accessModes: ['ReadWriteOnce'],
            ...(volume.storageClass !== undefined && { storageClassName: volume.storageClass }),
            resources: { requests: { storage: `${volume.sizeGib}Gi` } },
          },
        })),
        template: podOf(it, placed, labels),
      },
    },
  ]
}

function podOf(
  it: InstanceObjects,
  placed: PlacedGroup,
  labels: Readonly<Record<string, string>>,
): unknown {
  const { part, file, volumes, amount, image } = placed
  const { command, stop } = part.name === 'observer' ? observerCommands : workerCommands(part)
  const health = { httpGet: { path: '/api/health', port: part.name === 'observer' ? 8030 : 8040 } }
  const { annotations, ...placement } = podPlacement(it, placed)
  return {
    metadata: { labels, annotations },
    spec: {
      ...placement,
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: GRACE_S,
      containers: [
        {
          name: part.name,
          image,
          command,
          env: [...podEnvironment(part), ...environmentOf(it, part)],
          ports: Object.entries(portsOf(part)).map(([name, containerPort]) => ({
            name,
            containerPort,
          })),
          resources: { requests: amount, limits: amount },
          startupProbe: { ...health, periodSeconds: 5, failureThreshold: 60 },
          livenessProbe: { ...health, periodSeconds: 5, failureThreshold: 3 },
          readinessProbe: { ...health, periodSeconds: 5, failureThreshold: 3 },
          lifecycle: { preStop: { exec: { command: [`${HOME}/${stop}`] } } },
          securityContext: { allowPrivilegeEscalation: false },
          volumeMounts: [
            ...volumes.map(({ name, path }) => ({ name, mountPath: path })),
            { name: 'configuration', mountPath: CONFIGURATION },
            ...(isEncrypted(it, part) ? [encryptionMount] : []),
          ],
        },
      ],
      volumes: [
        { name: 'configuration', configMap: { name: file } },
        ...(isEncrypted(it, part) ? [encryptionVolume] : []),
      ],
    },
  }
}

function workerCommands({ name }: Part) {
  return {
    command: [`${HOME}/${name}_entrypoint.sh`, setService()],
    stop: `${name}/bin/stop_${name}.sh`,
  }
}

function setService(): string {
  return `${setName(parts.fe)}-service`
}

/** The first start asks a front end who it is, and waits until that knows it; later ones know it by themselves. */
const observerCommands = {
  command: [
    '/bin/bash',
    '-c',
    [
      `ln -sfT ${CONFIGURATION}/fe.conf ${HOME}/fe/conf/fe.conf`,
      `start="${HOME}/fe/bin/start_fe.sh --host_type FQDN"`,
      `[ -f ${HOME}/fe/meta/image/ROLE ] && exec $start`,
      `exec $start --helper ${podName(setName(parts.fe), 0)}.${searchName(setName(parts.fe))}:9010`,
    ].join('\n'),
  ],
  stop: 'fe/bin/stop_fe.sh',
}

/** What the operator says to its own pods. */
function podEnvironment({ name }: Part): readonly unknown[] {
  const field = (variable: string, fieldPath: string) => ({
    name: variable,
    valueFrom: { fieldRef: { fieldPath } },
  })
  return [
    field('POD_NAME', 'metadata.name'),
    field('POD_IP', 'status.podIP'),
    field('HOST_IP', 'status.hostIP'),
    field('POD_NAMESPACE', 'metadata.namespace'),
    { name: 'HOST_TYPE', value: 'FQDN' },
    { name: 'COMPONENT_NAME', value: name === 'observer' ? 'fe' : name },
    { name: 'FE_SERVICE_NAME', value: setService() },
    { name: 'FE_QUERY_PORT', value: String(QUERY_PORT) },
    { name: 'CONFIGMAP_MOUNT_PATH', value: CONFIGURATION },
  ]
}
