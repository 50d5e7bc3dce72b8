/**
 * With what a server of Iceberg's REST protocol is asked: a token that the catalog has, or one that its credential gets by OAuth 2.0's
 * client credentials (reference: Apache Iceberg, rest-catalog-open-api.yaml, "/v1/oauth/tokens"; OAuth2Properties). A token is kept in
 * memory until it ends; neither it nor the credential is in an error.
 */
import { createHash } from 'node:crypto'
import { objectError } from '../storage/object-path.ts'
import { keepRecent } from '../storage/recent.ts'
import { jsonOf, restRequest } from './rest-request.ts'

export interface RestAccess {
  readonly token?: string | undefined
  /** `id:secret`, or the secret alone. */
  readonly credential?: string | undefined
  readonly scope: string
  /** Where tokens are got. */
  readonly tokenUri: string
}

export interface Tokens {
  /** Undefined where nothing is to be sent. `isRefused`: the one before was not taken. */
  of(access: RestAccess, isRefused?: boolean): Promise<string | undefined>
}

interface KeptToken {
  readonly token: string
  readonly untilMs: number
}

const TOKENS_MAX = 100
const TOKEN_CHARACTERS_MAX = 64 * 1024
/** Where the server does not say it. */
const TOKEN_SECONDS = 300
/** It is renewed before it ends. */
const SHARE_USED = 0.8

/** `now` counts milliseconds and never goes back. */
export function restTokens(now: () => number = () => performance.now()): Tokens {
  const kept = new Map<string, KeptToken>()
  return {
    async of(access, isRefused = false) {
      const { token, credential } = access
      if (credential === undefined) return token
      const key = keyOf(access)
      const known = kept.get(key)
      if (known && !isRefused && known.untilMs > now()) return known.token
      const { token: got, seconds } = await gotToken(access, credential)
      const untilMs = now() + seconds * 1000 * SHARE_USED
      keepRecent(kept, key, { token: got, untilMs }, TOKENS_MAX)
      return got
    },
  }
}

const keyOf = ({ credential, scope, tokenUri }: RestAccess): string =>
  createHash('sha256')
    .update(JSON.stringify([credential, scope, tokenUri]))
    .digest('hex')

async function gotToken({ tokenUri, scope }: RestAccess, credential: string) {
  const colon = credential.indexOf(':')
  const id = colon < 0 ? {} : { client_id: credential.slice(0, colon) }
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...id,
    client_secret: credential.slice(colon + 1),
    scope,
  })
  const headers = { accept: 'application/json' }
  const answer = await restRequest(tokenUri, { method: 'POST', headers, body: form })
  if (answer.status !== 200)
    throw objectError(
      `the Iceberg REST catalog gives no token for the credential (status ${answer.status})`,
    )
  const { access_token: token, expires_in: expires } = jsonOf(answer)
  if (typeof token !== 'string' || !isToken(token))
    throw objectError("the Iceberg REST catalog's answer holds no token")
  const seconds = typeof expires === 'number' && expires > 0 ? expires : TOKEN_SECONDS
  return { token, seconds }
}

/** What may stand in a header. */
export const isToken = (text: string): boolean =>
  text.length <= TOKEN_CHARACTERS_MAX && /^[\x21-\x7E]+$/.test(text)
