/** Front ends as their clients ask them: by MySQL's protocol, as root. mysql2 is loaded when the first one is asked. */
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { catalogStatement, userStatements, type GivenObjects } from './given-object.ts'
import { volumeStatements, type StorageVolume } from './storage-volume.ts'

/** `refused`: it takes another password; `silent`: nobody answers. */
export type Login = 'accepted' | 'refused' | 'silent'

/** A node as a front end knows it. */
export interface Member {
  /** A name or an address. */
  readonly host: string
  /** That it is called by in statements. */
  readonly port: number
  readonly role: 'leader' | 'follower' | 'observer' | 'be' | 'cn'
  readonly alive: boolean
  /** Of back ends: it shall be made safe to lose. */
  readonly decommissioned: boolean
  /** What is left on it. */
  readonly tablets: number
}

export type MemberPlace = Pick<Member, 'host' | 'port' | 'role'>

export interface FrontendAccess {
  readonly host: string
  readonly password: string
}

export type MemberVerb = 'add' | 'decommission' | 'cancel' | 'drop'

export interface Frontends {
  login(host: string, password: string): Promise<Login>
  /** Gives root and admin the password `next`, with the one that root has now. */
  setPassword(host: string, password: string, next: string): Promise<void>
  /** Makes it, or brings it to this, and has new tables lie there. */
  setVolume(access: FrontendAccess, volume: StorageVolume): Promise<void>
  /** Makes what an instance begins with. */
  giveObjects(access: FrontendAccess, given: GivenObjects): Promise<void>
  /** Rejects when it does not answer. */
  members(access: FrontendAccess): Promise<readonly Member[]>
  /** Rejects with MemberRefusal for what StarRocks refuses. */
  change(access: FrontendAccess, verb: MemberVerb, member: MemberPlace): Promise<void>
}

/** StarRocks says no, in its words. */
export class MemberRefusal extends Error {
  override readonly name = 'MemberRefusal'
}

const ANSWER_MS = 3_000
const ACCESS_DENIED = 'ER_ACCESS_DENIED_ERROR'
const ROOT = 'root'
/** The user that the owner of an instance logs in as. */
const ADMIN = 'admin'

export function frontends(port: number): Frontends {
  return {
    async login(host, password) {
      try {
        await within({ host, password }, port, (connection) => connection.query('SELECT 1'))
        return 'accepted'
      } catch (problem) {
        return (problem as { readonly code?: string }).code === ACCESS_DENIED ? 'refused' : 'silent'
      }
    },
    setPassword: (host, password, next) =>
      within({ host, password }, port, async (connection) => {
        const text = connection.escape(next)
        await connection.query(`CREATE USER IF NOT EXISTS '${ADMIN}' IDENTIFIED BY ${text}`)
        await connection.query(`ALTER USER '${ADMIN}' IDENTIFIED BY ${text}`)
        await connection.query(`GRANT 'root' TO USER '${ADMIN}'`)
        await connection.query(`SET DEFAULT ROLE ALL TO '${ADMIN}'`)
        // The last: by it is seen that all of it was done.
        await connection.query(`SET PASSWORD FOR '${ROOT}' = PASSWORD(${text})`)
      }),
    setVolume: (access, volume) =>
      within(access, port, async (connection) => {
        const escape = (text: string) => connection.escape(text)
        for (const statement of volumeStatements(volume, escape)) await connection.query(statement)
      }),
    giveObjects: (access, given) =>
      within(access, port, async (connection) => {
        const escape = (text: string) => connection.escape(text)
        const { catalog } = given
        if (catalog && !(await catalogsOf(connection)).includes(catalog.name))
          await connection.query(catalogStatement(catalog, escape))
        for (const statement of userStatements(given, access.password, escape))
          await connection.query(statement)
      }),
    members: (access) => within(access, port, membersOf),
    change: (access, verb, member) =>
      within(access, port, async (connection) => {
        try {
          await connection.query(statementOf(verb, member))
        } catch (problem) {
          const { errno, message } = problem as {
            readonly errno?: number
            readonly message: string
          }
          // One that is no answer of the server's has none, or a negative one.
          if (errno !== undefined && errno > 0) throw new MemberRefusal(message)
          throw problem
        }
      }),
  }
}

/** Asks it as root, in the time that it has for an answer. */
export async function within<T>(
  { host, password }: FrontendAccess,
  port: number,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const { createConnection } = await import('mysql2/promise')
  const connection = await createConnection({
    host,
    port,
    user: ROOT,
    password,
    connectTimeout: ANSWER_MS,
  })
  // It may break at any time; whoever waits for an answer learns of it.
  connection.on('error', () => {})
  // What is asked of a connection that is destroyed is never answered, nor refused.
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`${host} does not answer`)), ANSWER_MS)
  try {
    return await Promise.race([work(connection), late])
  } finally {
    clearTimeout(timer)
    connection.destroy()
  }
}

async function catalogsOf(connection: Connection): Promise<readonly string[]> {
  const [rows] = await connection.query<RowDataPacket[]>('SHOW CATALOGS')
  return rows.map((row) => String(row['Catalog']))
}

const frontendRoles: Readonly<Record<string, Member['role']>> = {
  LEADER: 'leader',
  FOLLOWER: 'follower',
  OBSERVER: 'observer',
}

async function membersOf(connection: Connection): Promise<readonly Member[]> {
  const rowsOf = async (what: string) => {
    const [rows] = await connection.query<RowDataPacket[]>(`SHOW ${what}`)
    return rows
  }
  const leading = (await rowsOf('FRONTENDS')).map((row): Member => {
    const role = frontendRoles[String(row['Role'])] ?? 'follower'
    return { ...memberOf(row, 'EditLogPort'), role }
  })
  const backends = (await rowsOf('BACKENDS')).map((row): Member => ({
    ...memberOf(row, 'HeartbeatPort'),
    role: 'be',
  }))
  const computeNodes = (await rowsOf('COMPUTE NODES')).map((row): Member => ({
    ...memberOf(row, 'HeartbeatPort'),
    role: 'cn',
  }))
  return [...leading, ...backends, ...computeNodes]
}

function memberOf(row: RowDataPacket, port: string): Omit<Member, 'role'> {
  return {
    host: String(row['IP']),
    port: Number(row[port]),
    alive: String(row['Alive']) === 'true',
    decommissioned: String(row['SystemDecommissioned']) === 'true',
    tablets: Number(row['TabletNum'] ?? 0),
  }
}

const nouns: Readonly<Record<Member['role'], string>> = {
  leader: 'FOLLOWER',
  follower: 'FOLLOWER',
  observer: 'OBSERVER',
  be: 'BACKEND',
  cn: 'COMPUTE NODE',
}

/** A host that a statement can hold as it is. */
const HOST = /^[A-Za-z0-9._:[\]-]+$/

function statementOf(verb: MemberVerb, { role, host, port }: MemberPlace): string {
  if (!HOST.test(host)) throw new Error('a front end names a host that is none')
  const place = `${nouns[role]} "${host}:${port}"`
  if (verb === 'cancel') return `CANCEL DECOMMISSION ${place}`
  if (verb === 'add') return `ALTER SYSTEM ADD ${place}`
  if (verb === 'decommission') return `ALTER SYSTEM DECOMMISSION ${place}`
  // What is left on it is elsewhere too, or its time was over.
  return `ALTER SYSTEM DROP ${place}${role === 'be' ? ' FORCE' : ''}`
}
