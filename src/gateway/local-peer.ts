/** Whether a request comes from a program of this machine: what is only for those who are at it asks here. */
import type { WireRequest } from './dialect.ts'

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/
/** `localhost`, an IPv4 address or a bracketed IPv6 address, with or without a port. */
const LITERAL_HOST = /^(localhost|\d{1,3}(\.\d{1,3}){3}|\[[\da-f:.]+\])(:\d+)?$/i

/** What proxies add. With none of them and HTTP/1.1, a proxy on this machine cannot be distinguished from a program of it. */
const OF_A_PROXY = /^(forwarded|via|x-real-ip|x-forwarded-.*)$/

export const isLoopback = (address: string): boolean => LOOPBACK.test(address)

/** Why it is refused, in a sentence about `what`; undefined for one that is local. */
export function whyNotLocal(
  { remoteAddress, httpVersion, headers }: WireRequest,
  what: string,
): string | undefined {
  if (!isLoopback(remoteAddress)) return `${what} answer loopback only`
  // Widespread proxies ask in HTTP/1.0 unless they are configured; programs of this century do not.
  const proxied = Object.keys(headers).find((name) => OF_A_PROXY.test(name))
  if (proxied !== undefined || httpVersion !== '1.1')
    return `${what} are not reached through a proxy, and this looks like one (${proxied ?? `HTTP/${httpVersion}`})`
  const host = headers['host'] ?? headers[':authority'] ?? ''
  if (!LITERAL_HOST.test(host))
    return `${what} answer to an IP address or localhost only; ask for http://127.0.0.1 and the port`
  return undefined
}
