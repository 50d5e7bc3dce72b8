/**
 * A real control plane of Kubernetes for tests: etcd, the API server and the controller manager as their projects release them, built
 * once from the Go module proxy (control-plane/, some ten minutes of two processors) and kept in the user's cache by what it is built
 * from. Nothing runs pods there, unless a test does. Each test has its own, on loopback, which is ended and removed with it.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { generate } from 'selfsigned'
import { random } from '../../src/kernel/random.ts'
import { freePort } from '../../src/substrate/local/loopback-address.ts'
import type { Access } from '../../src/substrate/kubernetes/access.ts'
import { kubernetesClient, type KubernetesClient } from '../../src/substrate/kubernetes/client.ts'
import { transport } from '../../src/substrate/kubernetes/transport.ts'
import { cleanUp, type Ending } from '../support/process/clean-up.ts'
import { temporaryDirectory } from '../support/process/directory.ts'
import { builtProgram, skipWithoutProgram, type GoSource } from './go-program.ts'

const VERSION = '1.36.3'
const START_MS = 120_000
const LOOK_MS = 100

export interface ControlPlane {
  readonly directory: string
  readonly access: Access
  readonly client: KubernetesClient
  readonly port: number
  /** As which its administrators come with a certificate. */
  readonly administrator: { readonly certificate: string; readonly key: string }
  /** Ends the API server as `kill -9` does, and starts it again. */
  killApiServer(): Promise<void>
}

export const CONTROL_PLANE_SOURCE: GoSource = {
  name: 'control-plane',
  directory: join(import.meta.dirname, 'control-plane'),
  variables: versionFacts(),
}

/** For the option of a test. */
export function skipWithoutControlPlane(): string | false {
  return skipWithoutProgram(CONTROL_PLANE_SOURCE)
}

/** `controllers`: with the controller manager, which makes pods of sets and ends namespaces. */
export async function startControlPlane(
  t: Ending,
  { controllers = false }: { readonly controllers?: boolean } = {},
): Promise<ControlPlane> {
  const program = builtProgram(CONTROL_PLANE_SOURCE)
  const directory = temporaryDirectory(t)
  const write = (name: string, text: string) => {
    writeFileSync(join(directory, name), text, { mode: 0o600 })
    return join(directory, name)
  }
  const begin = (args: readonly string[]) => begun(t, { program, directory, args })
  const etcd = `http://127.0.0.1:${await freePort('127.0.0.1')}`
  await begin(etcdFlags(directory, etcd, `http://127.0.0.1:${await freePort('127.0.0.1')}`))

  const port = await freePort('127.0.0.1')
  const token = random().hex(32)
  const administrator = await clientCertificate()
  const files: ServerFiles = {
    tokens: write('tokens.csv', `${token},administrator,1,"system:masters"\n`),
    clients: write('clients.crt', administrator.certificate),
    ...signingKeys(write),
  }
  const startServer = () => begin(serverFlags({ directory, etcd, port, files }))
  let server = await startServer()
  const authority = await textOf(join(directory, 'pki/apiserver.crt'))
  const access: Access = {
    server: `https://127.0.0.1:${port}`,
    authority,
    credential: async () => ({ token }),
  }
  const client = kubernetesClient({ access, random: random() })
  cleanUp(t, () => client.close())
  await answering(access, directory)
  if (controllers) {
    const kubeconfig = write('kubeconfig', kubeconfigText({ ...access, token }))
    await begin(controllerFlags(kubeconfig, files))
  }
  return {
    directory,
    access,
    client,
    port,
    administrator,
    async killApiServer() {
      const ended = once(server, 'exit')
      server.kill('SIGKILL')
      await ended
      server = await startServer()
      await answering(access, directory)
    },
  }
}

function versionFacts(): Readonly<Record<string, string>> {
  const version = 'k8s.io/component-base/version'
  const [major = '', minor = ''] = VERSION.split('.')
  return {
    [`${version}.gitVersion`]: `v${VERSION}`,
    [`${version}.gitMajor`]: major,
    [`${version}.gitMinor`]: minor,
    [`${version}.gitTreeState`]: 'clean',
  }
}

interface Start {
  readonly program: string
  readonly directory: string
  readonly args: readonly string[]
}

async function begun(t: Ending, { program, directory, args }: Start): Promise<ChildProcess> {
  const log = openSync(join(directory, `${args[0]}.log`), 'a')
  // Memory for processor time: with the usual bound a tenth of it goes to collecting what a short life leaves.
  const env = { ...process.env, GOGC: '400' }
  const child = spawn(program, args, { env, stdio: ['ignore', log, log] })
  closeSync(log)
  cleanUp(t, async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  await once(child, 'spawn')
  return child
}

function etcdFlags(directory: string, clients: string, peers: string): readonly string[] {
  return [
    'etcd',
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    '--unsafe-no-fsync',
    '--log-level=warn',
  ]
}

interface ServerFiles {
  readonly tokens: string
  readonly clients: string
  readonly publicKey: string
  readonly privateKey: string
}

interface ServerPlace {
  readonly directory: string
  readonly etcd: string
  readonly port: number
  readonly files: ServerFiles
}

function serverFlags({ directory, etcd, port, files }: ServerPlace): readonly string[] {
  return [
    'apiserver',
    `--etcd-servers=${etcd}`,
    `--cert-dir=${join(directory, 'pki')}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${files.publicKey}`,
    `--service-account-signing-key-file=${files.privateKey}`,
    `--token-auth-file=${files.tokens}`,
    `--client-ca-file=${files.clients}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--endpoint-reconciler-type=none',
    '--enable-priority-and-fairness=false',
  ]
}

/** Those that look after nodes would take the tests' nodes for dead. Nothing is sent to endpoints here, which change with each pod. */
const CONTROLLERS = [
  '*',
  '-endpoints-controller',
  '-endpointslice-controller',
  '-endpointslice-mirroring-controller',
  '-node-ipam-controller',
  '-node-lifecycle-controller',
  '-cloud-node-lifecycle-controller',
  '-service-lb-controller',
  '-node-route-controller',
]

function controllerFlags(kubeconfig: string, { privateKey }: ServerFiles): readonly string[] {
  return [
    'controllers',
    `--kubeconfig=${kubeconfig}`,
    '--leader-elect=false',
    `--service-account-private-key-file=${privateKey}`,
    '--secure-port=0',
    `--controllers=${CONTROLLERS.join(',')}`,
  ]
}

function signingKeys(write: (name: string, text: string) => string) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return {
    publicKey: write('account.pub', publicKey),
    privateKey: write('account.key', privateKey),
  }
}

/** Its own authority; the API server takes the organisation for a group. */
async function clientCertificate() {
  const made = await generate(
    [
      { shortName: 'O', value: 'system:masters' },
      { name: 'commonName', value: 'administrator' },
    ],
    {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'extKeyUsage', clientAuth: true },
      ],
    },
  )
  return { certificate: made.cert, key: made.private }
}

/** As YAML, of which JSON is a part. */
function kubeconfigText({
  server,
  authority = '',
  token,
}: Pick<Access, 'server' | 'authority'> & { readonly token: string }): string {
  const data = Buffer.from(authority).toString('base64')
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': data } }],
    users: [{ name: 'test', user: { token } }],
  })
}

async function textOf(path: string): Promise<string> {
  for (let passedMs = 0; passedMs < START_MS; passedMs += LOOK_MS) {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
    if (text.trimEnd().endsWith('-----END CERTIFICATE-----')) return text
    await pause(LOOK_MS)
  }
  throw new Error(`${path} does not come`)
}

/** With all that it begins with, the roles of controllers too: the controller manager waits ten seconds for it, and ends. */
async function answering(access: Access, directory: string): Promise<void> {
  const connection = transport(access, { answerMs: 10_000, answerBytes: 1024 * 1024 })
  try {
    for (let passedMs = 0; passedMs < START_MS; passedMs += LOOK_MS) {
      const ready = await connection.send({ method: 'GET', path: '/readyz' }).then(
        ({ status }) => status === 200,
        () => false,
      )
      if (ready) return
      await pause(LOOK_MS)
    }
  } finally {
    connection.close()
  }
  const log = readFileSync(join(directory, 'apiserver.log'), 'utf8')
  throw new Error(`the API server does not answer: ${log.slice(-2_000)}`)
}
