/** Who listens on a port of this machine, where the system tells it to everybody: Linux, by proc_pid_net(5). */
import { readFileSync } from 'node:fs'

/** The users of every socket that listens on the port, on whatever address; none where the system does not tell. */
export function listenersOf(port: number): readonly number[] {
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    linesOf(table).flatMap((line) => {
      const [, local = '', , state, , , , user] = line.trim().split(/\s+/)
      const here = Number.parseInt(local.split(':')[1] ?? '', 16)
      return state === LISTEN && here === port ? [Number(user)] : []
    }),
  )
}

const LISTEN = '0A'

function linesOf(table: string): readonly string[] {
  try {
    return readFileSync(table, 'utf8').split('\n').slice(1)
  } catch {
    return []
  }
}
