/**
 * Where the database is: `postgres://user@host:port,host:port/database?sslmode=…`. Several hosts are a database and its replicas, of which
 * the one that takes writes is used. A password is no part of it, because addresses are shown and logged. What has no meaning here is
 * refused by name.
 */
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'

export interface PostgresAddress {
  readonly hosts: readonly { readonly host: string; readonly port: number }[]
  readonly user: string
  readonly database: string
  readonly tls: Tls | undefined
}

interface Tls {
  readonly mode: 'require' | 'verify-ca' | 'verify-full'
  readonly caFile: string | undefined
  readonly certFile: string | undefined
  readonly keyFile: string | undefined
}

const FORM = 'postgres://user@host:5432/database'
const URL_OF = /^postgres(?:ql)?:\/\/(?:([^@/?]*)@)?([^@/?]*)\/([^/?]+)(?:\?(.*))?$/
const PARAMETERS = ['host', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|\/.*)$/
const DEFAULT_PORT = 5432

/** Throws a sentence for what is no such address. */
export function postgresAddress(text: string): PostgresAddress {
  const [, user = '', places = '', database = '', query = ''] = URL_OF.exec(text) ?? []
  if (database === '') throw new Error(`it must be an address such as ${FORM}`)
  if (user.includes(':'))
    throw new Error(
      'it must not hold a password; give it in a file (store-password-file), in PGPASSFILE or in ~/.pgpass',
    )
  if (user === '') throw new Error(`it must name the user of the database, as in ${FORM}`)
  const given = new URLSearchParams(query)
  const strange = [...given.keys()].find((name) => !PARAMETERS.includes(name))
  if (strange !== undefined)
    throw new Error(`it has a parameter ${strange}; there are ${PARAMETERS.join(', ')}`)
  const socket = given.get('host')
  const hosts = (socket === null ? places.split(',') : [socket]).map(hostOf)
  const tls = tlsOf(given)
  const open = hosts.find(({ host }) => !LOOPBACK.test(host))
  if (open && given.get('sslmode') === null)
    throw new Error(
      `it must say how ${open.host} is reached: sslmode=verify-full with sslrootcert=FILE, or sslmode=disable where the network is trusted`,
    )
  return { hosts, user: decodeURIComponent(user), database: decodeURIComponent(database), tls }
}

/** As it may be shown. */
export function addressText({ hosts, user, database }: PostgresAddress): string {
  const places = hosts.map(({ host, port }) => `${host}:${port}`)
  return `postgres://${user}@${places.join(',')}/${database}`
}

/** Files are read again for each connection, so that they may be renewed. */
export function tlsOptions(tls: Tls | undefined, host: string): ConnectionOptions | false {
  if (!tls) return false
  const { mode, caFile, certFile, keyFile } = tls
  return {
    ...(host.startsWith('/') ? {} : { servername: /[a-z]/i.test(host) ? host : '' }),
    rejectUnauthorized: mode !== 'require',
    ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
    ...(caFile !== undefined && { ca: readFileSync(caFile, 'utf8') }),
    ...(certFile !== undefined && { cert: readFileSync(certFile, 'utf8') }),
    ...(keyFile !== undefined && { key: readFileSync(keyFile, 'utf8') }),
  }
}

function hostOf(place: string): { readonly host: string; readonly port: number } {
  if (place.startsWith('/')) return { host: place, port: DEFAULT_PORT }
  const [, bracketed, plain, port] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(place) ?? []
  const host = bracketed ?? plain
  if (host === undefined) throw new Error(`\`${place}\` is not a host; write ${FORM}`)
  return { host: decodeURIComponent(host), port: Number(port ?? DEFAULT_PORT) }
}

function tlsOf(given: URLSearchParams): Tls | undefined {
  const mode = given.get('sslmode') ?? 'disable'
  const file = (name: string) => given.get(name) ?? undefined
  const files = {
    caFile: file('sslrootcert'),
    certFile: file('sslcert'),
    keyFile: file('sslkey'),
  }
  if (mode === 'disable') {
    const useless = ['sslrootcert', 'sslcert', 'sslkey'].find((name) => given.has(name))
    if (useless !== undefined) throw new Error(`it has ${useless}, which needs an sslmode`)
    return undefined
  }
  if (mode !== 'require' && mode !== 'verify-ca' && mode !== 'verify-full')
    throw new Error(`sslmode is \`${mode}\`; it must be disable, require, verify-ca or verify-full`)
  return { mode, ...files }
}
