/** The address of a client, as users are bound to it and as it is shown: IPv4 in its own form on sockets of both kinds too. */
import type { Socket } from 'node:net'

export const remoteHost = ({ remoteAddress }: Pick<Socket, 'remoteAddress'>): string =>
  (remoteAddress ?? 'unknown').replace(/^::ffff:/, '')
