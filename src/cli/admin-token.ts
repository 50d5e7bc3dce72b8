/**
 * Finds the admin token for a server, and keeps it from others. Who hands over a file or a token says whose it is; the one that is
 * found in the data directory goes to a server on this machine only, and only to a port that the file's owner listens on: while the
 * server is down, any user of the machine can wait at its address for somebody's token.
 */
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ADMIN_TOKEN_FILE, isAdminToken } from '../admin/admin-token.ts'
import { listenersOf } from './listener.ts'
import { CommandProblem } from './problem.ts'
import { loadWith } from './serve.ts'

export type Token =
  | { readonly text: string; readonly from: string }
  /** Why there is none, and what to do when the server wants one. */
  | { readonly text: undefined; readonly absent: string }

const VARIABLE = 'EMRYS_ADMIN_TOKEN'

/** Throws CommandProblem. */
export function tokenFor(url: URL, options: { readonly tokenFile?: string }): Token {
  const given = givenToken(options.tokenFile)
  if (given === undefined) return keptToken(url)
  if (url.protocol === 'http:' && !isLoopback(url))
    throw new CommandProblem(
      `the admin token would be readable on the way to ${url.origin}; use https, or a tunnel such as \`ssh -L\` to the server's loopback`,
    )
  return given
}

function givenToken(file: string | undefined): Token | undefined {
  if (file !== undefined) return checked(read(file), file)
  const text = process.env[VARIABLE]
  return text === undefined || text === '' ? undefined : checked(text, VARIABLE)
}

/** Of the server that `emrys serve` would start here. */
function keptToken(url: URL): Token {
  const { dataDir } = loadWith({ config: process.env['EMRYS_CONFIG'] }).config
  const file = join(dataDir, ADMIN_TOKEN_FILE)
  const owner = ownerOf(file)
  if (owner === undefined)
    return {
      text: undefined,
      absent: `there is no ${file}; name the one in the data directory of that server with --token-file`,
    }
  if (!isLoopback(url))
    return {
      text: undefined,
      absent: `${file} is that of a server on this machine, so it was not sent; name the right one with --token-file`,
    }
  const foreign = listenersOf(portOf(url)).find((user) => user !== owner && user !== ROOT)
  if (foreign !== undefined)
    throw new CommandProblem(
      `user ${foreign} listens on port ${portOf(url)}, and ${file} belongs to user ${owner}, so the admin token was not sent; if that is the server you mean, name the file with --token-file`,
    )
  return checked(read(file), file)
}

const ROOT = 0

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (problem) {
    const { code = 'unreadable' } = problem as NodeJS.ErrnoException
    if (code !== 'EACCES' && code !== 'EPERM')
      throw new CommandProblem(`the admin token file ${file} is not readable (${code})`, {
        cause: problem,
      })
    const who = process.getuid?.() ?? '?'
    throw new CommandProblem(
      `the admin token file ${file} is not readable by user ${who}; it belongs to user ${nearestOwner(file)}: run the command as that user`,
      { cause: problem },
    )
  }
}

/** Refused here, and not by the server: a wrong file must not be sent anywhere. */
function checked(text: string, from: string): Token {
  const token = text.trim()
  if (isAdminToken(token)) return { text: token, from }
  throw new CommandProblem(`${from} holds no admin token, which has 43 letters, digits, - and _`)
}

/** Undefined when nothing is there. A file in a directory of somebody else belongs to whoever that is, as far as can be seen. */
function ownerOf(file: string): number | undefined {
  try {
    return statSync(file).uid
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException
    return code === 'EACCES' ? nearestOwner(file) : undefined
  }
}

function nearestOwner(path: string): number {
  try {
    return statSync(path).uid
  } catch {
    return nearestOwner(dirname(path))
  }
}

function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port)
  return protocol === 'https:' ? 443 : 80
}
