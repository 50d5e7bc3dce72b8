/** Front ends as their clients ask them: by MySQL's protocol, as root. mysql2 is loaded when the first one is asked. */
import type { Connection } from 'mysql2/promise'

/** `refused`: it takes another password; `silent`: nobody answers. */
export type Login = 'accepted' | 'refused' | 'silent'

export interface Frontends {
  login(host: string, password: string): Promise<Login>
  /** Gives root and admin the password `next`, with the one that root has now. */
  setPassword(host: string, password: string, next: string): Promise<void>
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
        await within(host, { port, password }, (connection) => connection.query('SELECT 1'))
        return 'accepted'
      } catch (problem) {
        return (problem as { readonly code?: string }).code === ACCESS_DENIED ? 'refused' : 'silent'
      }
    },
    setPassword: (host, password, next) =>
      within(host, { port, password }, async (connection) => {
        const text = connection.escape(next)
        await connection.query(`CREATE USER IF NOT EXISTS '${ADMIN}' IDENTIFIED BY ${text}`)
        await connection.query(`ALTER USER '${ADMIN}' IDENTIFIED BY ${text}`)
        await connection.query(`GRANT 'root' TO USER '${ADMIN}'`)
        await connection.query(`SET DEFAULT ROLE ALL TO '${ADMIN}'`)
        // The last: by it is seen that all of it was done.
        await connection.query(`SET PASSWORD FOR '${ROOT}' = PASSWORD(${text})`)
      }),
  }
}

async function within(
  host: string,
  { port, password }: { readonly port: number; readonly password: string },
  work: (connection: Connection) => Promise<unknown>,
): Promise<void> {
  const { createConnection } = await import('mysql2/promise')
  const connection = await createConnection({
    host,
    port,
    user: ROOT,
    password,
    connectTimeout: ANSWER_MS,
  })
  // It may break at any time; whoever waits for an answer hears of it.
  connection.on('error', () => {})
  const timer = setTimeout(() => connection.destroy(), ANSWER_MS)
  try {
    await work(connection)
  } finally {
    clearTimeout(timer)
    connection.destroy()
  }
}
