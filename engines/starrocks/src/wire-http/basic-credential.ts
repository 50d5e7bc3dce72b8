/** HTTP basic authentication (RFC 7617), the only kind that StarRocks' HTTP ports know. */
export interface BasicCredential {
  readonly user: string
  readonly password: string
}

/** Undefined when the header is missing or is none. */
export function basicCredential(header: string | undefined): BasicCredential | undefined {
  const found = /^basic +([a-z0-9+/]+={0,2}) *$/i.exec(header ?? '')
  if (!found) return undefined
  const text = Buffer.from(found[1] ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon <= 0) return undefined
  return { user: text.slice(0, colon), password: text.slice(colon + 1) }
}
