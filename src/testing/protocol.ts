/** What `emrys test-servers` is asked and answers, a line of JSON each. */

import type { CloudAccess } from './testing.ts'

export type TestServerRequest = {
  readonly id: number
} & (
  | { readonly start: { readonly settings?: Readonly<Record<string, string | number | boolean>> } }
  /** The url of the server that is not needed any more. */
  | { readonly end: string }
)

/** To the request with its id; neither `server` nor `problem` says that something ended. */
export interface ServerAnswer {
  readonly id: number
  readonly server?: TestServer
  readonly problem?: string
}

export interface TestServer {
  readonly url: string
  readonly adminToken: string
  readonly alibaba: CloudAccess
  readonly tencent: CloudAccess
}
