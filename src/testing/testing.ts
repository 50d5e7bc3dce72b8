/**
 * `emrys/testing`: an Emrys for a test suite, in whatever runner it is. Published as one file of CommonJS, which Jest, Vitest and
 * node:test load alike; it needs nothing but Node's own modules. The servers run in a process beside, one for each process of the
 * suite, so that every server but the first starts at once; it ends with the last of them, or with the suite, however that ends.
 */
import { servers, ServersEnded, type Servers } from './server-process.ts'
import { adminPages } from './admin-request.ts'

export interface StartOptions {
  /**
   * Settings as `emrys config` lists them. Where they say nothing else, simulated clusters are there at once
   * (`simulation.default` is `immediate`; `time:2` takes two seconds a step), StarRocks is simulated as well
   * (`substrate.starrocks` is `simulation`; `local` runs it) and requests are not counted.
   */
  readonly settings?: Readonly<Record<string, string | number | boolean>>
  /** The Node that runs the servers, from 22.18 on; the one that runs the suite unless it is named. The first start decides. */
  readonly node?: string
}

/** What a client of a cloud has to be given. The key is that of the root of an account. */
export interface CloudAccess {
  /** Host and port. */
  readonly endpoint: string
  /** `http`. */
  readonly protocol: string
  readonly region: string
  readonly account: string
  readonly keyId: string
  readonly secret: string
}

export interface Clock {
  now(): Promise<Date>
  /** Moves time forward, with all that falls due on the way. */
  advance(byMs: number): Promise<Date>
}

/** A dependency of the service that fails, as docs/generated/faults.md lists them: not reached (`gateway`), with an error of its own, or slow. */
export interface FaultSwitch {
  readonly dependency: string
  readonly mode: 'gateway' | 'service' | 'latency'
  /** Above 0, up to 1; always unless it is given. */
  readonly probability?: number
  /** How often it happens; until it is switched off unless it is given. */
  readonly times?: number
  readonly latencyMs?: number
  /** Only in this action of the API. */
  readonly action?: string
}

export interface Faults {
  on(fault: FaultSwitch): Promise<void>
  /** Those of one dependency, or all. */
  off(dependency?: string): Promise<void>
}

/** The pages under `/_emrys/` (`openapi` describes them); `page` is what follows that. Throws with what the server said. */
export interface Admin {
  get(page: string): Promise<unknown>
  send(method: 'POST' | 'PUT' | 'DELETE', page: string, members?: object): Promise<unknown>
}

export interface Emrys {
  readonly url: string
  readonly adminToken: string
  readonly alibaba: CloudAccess
  readonly tencent: CloudAccess
  /** For programs of the suite: the variables by which `emrys` and the clouds' own command lines find server and key. */
  readonly env: Readonly<Record<string, string>>
  readonly clock: Clock
  readonly faults: Faults
  readonly admin: Admin
  /** Resolves when all that takes no time has been done: clusters of the pace `immediate` run then. */
  settle(): Promise<void>
  /** Removes every cluster, operation and order, and every fault. Time stays where it was moved to. */
  reset(): Promise<void>
  /** Ends it and removes all that it kept. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

let known: Servers | undefined

/** A server with nothing in it, on a port of its own. */
export async function startEmrys(options: StartOptions = {}): Promise<Emrys> {
  const { from, server } = await started(options)
  const { url, adminToken, alibaba, tencent } = server
  const admin = adminPages(url, adminToken)
  let closing: Promise<void> | undefined
  const close = () => (closing ??= from.end(url))
  return {
    url,
    adminToken,
    alibaba,
    tencent,
    env: {
      EMRYS_URL: url,
      EMRYS_ADMIN_TOKEN: adminToken,
      ALIBABA_CLOUD_ACCESS_KEY_ID: alibaba.keyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: alibaba.secret,
      ALIBABA_CLOUD_ENDPOINT_STARROCKS: alibaba.endpoint,
      TENCENTCLOUD_SECRET_ID: tencent.keyId,
      TENCENTCLOUD_SECRET_KEY: tencent.secret,
    },
    clock: clockOf(admin),
    faults: {
      on: async (fault) => void (await admin.send('PUT', 'faults', fault)),
      off: async (dependency) =>
        void (await admin.send(
          'DELETE',
          dependency === undefined ? 'faults' : `faults/${encodeURIComponent(dependency)}`,
        )),
    },
    admin,
    settle: async () => void (await admin.send('POST', 'clock', { advanceMs: 0 })),
    async reset() {
      await admin.send('POST', 'reset', {})
      await admin.send('DELETE', 'faults')
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function started(options: StartOptions) {
  for (;;) {
    const kept = known?.isAlive() ? known : undefined
    const from = (known = kept ?? servers(options.node ?? process.execPath))
    try {
      return { from, server: await from.start(options.settings ?? {}) }
    } catch (problem) {
      // It may have ended just then, being idle.
      if (!(problem instanceof ServersEnded) || from !== kept) throw problem
    }
  }
}

function clockOf(admin: Admin): Clock {
  const time = (answer: unknown) => new Date((answer as { readonly nowMs: number }).nowMs)
  return {
    now: async () => time(await admin.get('clock')),
    advance: async (advanceMs) => time(await admin.send('POST', 'clock', { advanceMs })),
  }
}
