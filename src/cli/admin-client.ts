/** The client of a running server's admin pages. What goes wrong is reported as a sentence that says what to do next. */
import { readFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { Option, type Command } from 'commander'
import { request as httpRequest } from '../kernel/http.ts'
import { tokenFor, type Token } from './admin-token.ts'
import { CommandProblem } from './problem.ts'

export interface ServerOptions {
  readonly url: string
  /** A PEM file with the authority that signed the server's certificate. */
  readonly ca?: string
  /** The file with the admin token. */
  readonly tokenFile?: string
}

export interface AdminClient {
  /** `page` is what follows `/_emrys/`. Throws CommandProblem. */
  get(page: string): Promise<unknown>
  send(method: 'POST' | 'PUT' | 'DELETE', page: string, body?: object): Promise<unknown>
}

/** A healthy server answers a read within this. */
const READ_TIMEOUT_MS = 10_000
/** Moving the clock does all the work that falls due on the way before it answers. */
const WRITE_TIMEOUT_MS = 300_000
const ANSWER_BYTES_MAX = 64 * 1024 * 1024

/** Adds the options that say which server a command talks to. */
export function withServer(command: Command): Command {
  return command
    .addOption(
      new Option('--url <url>', 'the running server')
        .env('EMRYS_URL')
        .default('http://127.0.0.1:4580'),
    )
    .addOption(
      new Option('--ca <file>', "authority of the server's certificate, in PEM").env('EMRYS_CA'),
    )
    .option(
      '--token-file <file>',
      'file with the admin token; else EMRYS_ADMIN_TOKEN, the token itself (default: DATA-DIR/admin-token, see `emrys --help`)',
    )
}

export function adminClient(options: ServerOptions): AdminClient {
  const base = baseOf(options.url)
  const ca = options.ca === undefined ? undefined : readAuthority(options.ca)
  const call = async (method: string, page: string, body?: object): Promise<unknown> => {
    // Read for every request: `--watch` continues when a server was started again with another one.
    const token = tokenFor(base, options)
    const answer = await exchange({
      url: new URL(`_emrys/${page}`, base),
      method,
      token,
      ...(body ? { body: JSON.stringify(body) } : {}),
      ...(ca ? { ca } : {}),
    })
    if (answer.status === 401) throw notAdmitted(options.url, token)
    return understand(options.url, answer)
  }
  return { get: (page) => call('GET', page), send: call }
}

function baseOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:')
    throw new CommandProblem(
      `\`${text}\` is not the address of a server; write for example --url http://127.0.0.1:4580`,
    )
  return new URL('/', url)
}

function readAuthority(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (problem) {
    throw new CommandProblem(`the authority file ${file} is not readable`, { cause: problem })
  }
}

function notAdmitted(url: string, token: Token): CommandProblem {
  return new CommandProblem(
    token.text === undefined
      ? `${url} wants the admin token, and ${token.absent}`
      : `${url} does not take the admin token from ${token.from}: it is another server's, or an older one; name the file in the data directory of that server with --token-file`,
  )
}

function understand(url: string, { status, text }: ExchangeAnswer): unknown {
  const value = parsed(text) as { error?: unknown } | undefined
  if (value === undefined)
    throw new CommandProblem(
      `what answers at ${url} is not an emrys server; pass its address with --url`,
    )
  // A server that is not ready says why with 503, which is an answer as well.
  if (status < 400 || status === 503) return value
  throw new CommandProblem(
    typeof value.error === 'string'
      ? `the server refused: ${value.error}`
      : `the server answered ${status}`,
  )
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

interface Exchange {
  readonly url: URL
  readonly method: string
  readonly body?: string
  readonly token: Token
  readonly ca?: Buffer
}

interface ExchangeAnswer {
  readonly status: number
  readonly text: string
}

function exchange(it: Exchange): Promise<ExchangeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ExchangeAnswer>()
  const send = it.url.protocol === 'https:' ? httpsRequest : httpRequest
  const headers = {
    ...(it.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(it.token.text === undefined ? {} : { authorization: `Bearer ${it.token.text}` }),
  }
  const timeout = it.method === 'GET' ? READ_TIMEOUT_MS : WRITE_TIMEOUT_MS
  const request = send(
    it.url,
    { method: it.method, headers, timeout, agent: false, ...(it.ca ? { ca: it.ca } : {}) },
    (response) => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > ANSWER_BYTES_MAX) request.destroy(new Error('the answer is too large'))
        chunks.push(chunk)
      })
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8'),
        }),
      )
      response.on('error', reject)
    },
  )
  request.on('timeout', () =>
    request.destroy(new Error(`it did not answer within ${timeout / 1000} s`)),
  )
  request.on('error', (problem) => reject(unreachable(it.url.origin, problem)))
  request.end(it.body)
  return promise
}

function unreachable(url: string, problem: Error & { code?: string }): CommandProblem {
  const cause = { cause: problem }
  if (problem.code === 'ECONNREFUSED')
    return new CommandProblem(
      `no emrys server answers at ${url}; start one with \`emrys serve\`, or pass its address with --url`,
      cause,
    )
  if (/CERT|SIGNATURE|ISSUER/.test(problem.code ?? ''))
    return new CommandProblem(
      `the certificate of ${url} is not trusted (${problem.message}); pass the authority file that the server logged at its start with --ca`,
      cause,
    )
  if (/wrong version number|packet length too long|http request/.test(problem.message))
    return new CommandProblem(
      `what answers at ${url} does not speak HTTPS; write ${url.replace('https:', 'http:')}`,
      cause,
    )
  const spoken = url.startsWith('http:') && problem.code === 'ECONNRESET'
  const hint = spoken ? `; if it speaks HTTPS, write ${url.replace('http:', 'https:')}` : ''
  return new CommandProblem(`the request to ${url} failed: ${problem.message}${hint}`, cause)
}
