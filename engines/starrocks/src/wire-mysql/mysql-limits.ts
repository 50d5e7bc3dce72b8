/** Every upper bound of the MySQL protocol server, with its reason. Sizes are bytes, times milliseconds. */
export interface MysqlLimits {
  /** Open connections, those still logging in included; one more is answered 1040. */
  readonly connections: number
  /** One logical packet in either direction, joined from its 16 MiB pieces. */
  readonly maxAllowedPacket: number
  /** A packet of a peer that has not logged in yet: names, a response and connection attributes fit well. */
  readonly handshakePacket: number
  /** From the accepted socket to the end of authentication. */
  readonly handshakeMs: number
  /** A logged-in client that asks nothing: the most that its session's wait_timeout may say. */
  readonly idleMs: number
  /** A packet that has begun to arrive must end within this, plus the time its size takes at `readRate`. */
  readonly readMs: number
  /** Bytes per second that a peer must at least manage once it has announced a packet. */
  readonly readRate: number
  /** How long one buffer of a result may wait for a client that does not read. */
  readonly writeMs: number
  /** After a last answer: how long a peer that keeps sending is drained, so that the answer reaches it. */
  readonly lingerMs: number
  /** KILL and close(): how long a running statement may take to end before its socket is cut. */
  readonly drainMs: number
  /** Received but not yet answered bytes of all connections together. */
  readonly inboundBytes: number
  /** Prepared statements of one connection. */
  readonly preparedStatements: number
  /** How often deadlines are looked at; also the longest time a finished row waits for the next one to be sent. */
  readonly sweepMs: number
}

export const defaultMysqlLimits: MysqlLimits = {
  // StarRocks' qe_max_connection is 4096 for a whole cluster; one machine serves a quarter of it.
  connections: 1024,
  // StarRocks' own default of max_allowed_packet.
  maxAllowedPacket: 33_554_432,
  // Connection attributes may take 64 KiB by MySQL's rules; nobody sends more than a few hundred bytes.
  handshakePacket: 65_536,
  // MySQL's connect_timeout.
  handshakeMs: 10_000,
  // MySQL's and StarRocks' default of wait_timeout, 8 hours.
  idleMs: 28_800_000,
  // MySQL's net_read_timeout and net_write_timeout.
  readMs: 30_000,
  readRate: 262_144,
  writeMs: 60_000,
  // Long enough for a client on a slow link to finish a packet that was refused at its header.
  lingerMs: 5_000,
  // The process that stops an engine waits 5 s before it kills.
  drainMs: 3_000,
  // Eight of the largest packets at once; more than that is an attack or a mistake.
  inboundBytes: 268_435_456,
  // MySQL allows 16 382 for a whole server; a driver's statement cache holds some hundred.
  preparedStatements: 4_096,
  sweepMs: 250,
}
