/**
 * Access by a kubeconfig. What is in it and would not be heeded is refused by name: nobody shall believe that a proxy, an
 * impersonation or a way to log in has an effect which it does not have, and a server is never taken unproved.
 */
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { Clock } from '../../kernel/clock.ts'
import { listOf, recordOf } from '../../kernel/json.ts'
import { yaml } from '../../kernel/yaml.ts'
import { AccessProblem, type Access, type Credential } from './access.ts'
import { credentialText, keptText, type KeptText } from './credential-file.ts'
import {
  execCredential,
  execVersions,
  type ExecBounds,
  type ExecPlugin,
} from './exec-credential.ts'

export interface KubeconfigOptions {
  readonly path: string
  /** Instead of the current one. */
  readonly context?: string
  readonly clock: Pick<Clock, 'wall'>
  readonly exec?: ExecBounds
}

type Members = Readonly<Record<string, unknown>>

const UNHEEDED_OF_CLUSTER = ['insecure-skip-tls-verify', 'proxy-url'] as const
const UNHEEDED_OF_USER = [
  'auth-provider',
  'username',
  'password',
  'as',
  'as-uid',
  'as-groups',
  'as-user-extra',
] as const

/** Throws AccessProblem. */
export function kubeconfigAccess({ path, context, clock, exec }: KubeconfigOptions): Access {
  const file = kubeconfigFile(path, clock)
  const chosen = context ?? textOf(file.root['current-context'])
  if (chosen === undefined) throw file.problem('names no current context')
  const it = file.named('contexts', 'context', chosen)
  const cluster = file.named('clusters', 'cluster', textOf(it['cluster']) ?? '')
  const user = file.named('users', 'user', textOf(it['user']) ?? '')
  file.refuse(cluster, UNHEEDED_OF_CLUSTER)
  file.refuse(user, UNHEEDED_OF_USER)
  const server = textOf(cluster['server']) ?? ''
  if (!URL.canParse(server) || new URL(server).protocol !== 'https:')
    throw file.problem(`has no https server: ${server}`)
  const authority = file.pem(cluster, 'certificate-authority')
  const serverName = textOf(cluster['tls-server-name'])
  const namespace = textOf(it['namespace'])
  return {
    server: server.replace(/\/+$/, ''),
    ...(authority && { authority: authority(true) }),
    ...(serverName !== undefined && { serverName }),
    ...(namespace !== undefined && { namespace }),
    credential: credentialOf(file, { user, cluster }, exec),
  }
}

/** The file, and how what is in it is found and complained of. */
interface KubeconfigFile {
  readonly path: string
  readonly clock: Pick<Clock, 'wall'>
  problem(reason: string): AccessProblem
  /** The item of that name in a list, by what it is called there. */
  named(list: string, member: string, name: string): Members
  refuse(members: Members, unheeded: readonly string[]): void
  /** A text in base64 within the file, or the path of another one; absent where there is neither. */
  pem(members: Members, name: string): KeptText | undefined
  /** What is in the file that a member names. */
  other(members: Members, name: string): KeptText | undefined
}

function kubeconfigFile(
  path: string,
  clock: Pick<Clock, 'wall'>,
): KubeconfigFile & { readonly root: Members } {
  const problem = (reason: string) => new AccessProblem(`the kubeconfig ${path} ${reason}`)
  const root = readRoot(path, problem)
  const other = (members: Members, name: string) => {
    const named = textOf(members[name])
    if (named === undefined) return undefined
    const place = isAbsolute(named) ? named : resolve(dirname(path), named)
    return keptText(place, `the ${name} of the kubeconfig`, clock)
  }
  return {
    path,
    clock,
    root,
    problem,
    other,
    named(list, member, name) {
      const found = listOf(root[list])
        .map(recordOf)
        .find((each) => each['name'] === name)
      if (!found) throw problem(`has no ${member} ${name}`)
      return recordOf(found[member])
    },
    refuse(members, unheeded) {
      const found = unheeded.find((name) => members[name] !== undefined && members[name] !== false)
      if (found !== undefined) throw problem(`has ${found}, which has no effect here`)
    },
    pem(members, name) {
      const data = textOf(members[`${name}-data`])
      if (data === undefined) return other(members, name)
      const text = Buffer.from(data, 'base64').toString('utf8')
      if (!text.includes('-----BEGIN')) throw problem(`has a ${name}-data that is no PEM`)
      return () => text
    },
  }
}

function readRoot(path: string, problem: (reason: string) => AccessProblem): Members {
  const text = credentialText(path, 'the kubeconfig')
  try {
    // An alias would make it larger than it is.
    return recordOf(yaml().parse(text, { maxAliasCount: 0 }))
  } catch {
    throw problem('is no YAML, or repeats itself by aliases')
  }
}

function credentialOf(
  file: KubeconfigFile,
  { user, cluster }: { readonly user: Members; readonly cluster: Members },
  exec: ExecBounds = {},
): Access['credential'] {
  const certificate = file.pem(user, 'client-certificate')
  const key = file.pem(user, 'client-key')
  if ((certificate === undefined) !== (key === undefined))
    throw file.problem('has a client certificate or a client key, and not both')
  const plain = textOf(user['token'])
  // As in every client of Kubernetes, the file counts where both are there.
  const token = file.other(user, 'tokenFile') ?? (plain === undefined ? undefined : () => plain)
  const own = (fresh: boolean): Credential => ({
    ...(token && { token: token(fresh) }),
    ...(certificate && key && { certificate: certificate(fresh), key: key(fresh) }),
  })
  if (user['exec'] === undefined) {
    if (!token && !certificate) throw file.problem('has a user without a credential')
    own(true)
    return async (refused) => own(refused)
  }
  if (token || certificate) throw file.problem('has a user with exec and another credential')
  return execCredential(pluginOf(file, recordOf(user['exec']), cluster), file.clock, exec)
}

function pluginOf(file: KubeconfigFile, exec: Members, cluster: Members): ExecPlugin {
  const apiVersion = textOf(exec['apiVersion']) ?? ''
  if (!execVersions.includes(apiVersion))
    throw file.problem(
      `has an exec of ${apiVersion || 'no version'}, not ${execVersions.join(' or ')}`,
    )
  const command = textOf(exec['command'])
  if (command === undefined) throw file.problem('has an exec without a command')
  if (exec['interactiveMode'] === 'Always')
    throw file.problem(`has an exec, ${command}, that wants a terminal`)
  const directory = dirname(resolve(file.path))
  const env = listOf(exec['env']).map((each) => {
    const { name, value } = recordOf(each)
    return [String(name), String(value)] as const
  })
  return {
    apiVersion,
    command: command.includes('/') && !isAbsolute(command) ? join(directory, command) : command,
    args: listOf(exec['args']).map(String),
    env: Object.fromEntries(env),
    directory,
    ...(exec['provideClusterInfo'] === true && { cluster }),
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
