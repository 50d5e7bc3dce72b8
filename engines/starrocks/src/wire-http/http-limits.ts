/** Every upper bound of the HTTP side, with its reason. Sizes are bytes, times milliseconds. */
export interface HttpLimits {
  /** Open sockets of one port; more wait in the system's queue. */
  readonly connections: number
  /** All request headers together: `columns` and `jsonpaths` of a wide table are long. */
  readonly headerBytes: number
  /** From the accepted socket, or the last answer, to the end of the headers. */
  readonly headersMs: number
  /** A body that has begun must continue within this. */
  readonly bodyIdleMs: number
  /** One body, as it is on the wire. */
  readonly bodyBytes: number
  /** A JSON body, unless `ignore_json_size` says otherwise. */
  readonly jsonBytes: number
  /** One row of a body: what has to be in memory at once. */
  readonly rowBytes: number
  /** How much text is handed to the engine at once. */
  readonly blockBytes: number
  /** The body of a query: its text and variables. */
  readonly queryBytes: number
  /** Queries that run at the same time over HTTP, each with a session. */
  readonly queries: number
  /** Bodies that are being read at the same time, each with a few blocks in memory. */
  readonly bodies: number
  /** Transactions that have begun and are neither prepared nor over. */
  readonly transactions: number
  /** Those of one database. */
  readonly databaseTransactions: number
  /** The timeout of a load that names none, in seconds. */
  readonly loadSeconds: number
  /** A transaction in which nothing happens, unless `idle_transaction_timeout` says otherwise. */
  readonly transactionIdleMs: number
  /** All error logs together; the oldest go first. */
  readonly errorLogBytes: number
  readonly errorLogMs: number
  /** After an answer: how long, and how much of, a body that nobody wants is read, so that the answer reaches the client. */
  readonly lingerMs: number
  readonly lingerBytes: number
  /** close(): how long requests may take to end before their sockets are cut. */
  readonly drainMs: number
}

export const defaultHttpLimits: HttpLimits = {
  // Loaders hold a handful of connections each; the MySQL port is where sessions are.
  connections: 1024,
  headerBytes: 262_144,
  headersMs: 30_000,
  // Longer than any pause of a healthy sender; a load's own timeout may be days.
  bodyIdleMs: 120_000,
  // StarRocks: streaming_load_max_mb, 102400.
  bodyBytes: 107_374_182_400,
  // StarRocks: streaming_load_max_batch_size_mb, 100.
  jsonBytes: 104_857_600,
  // Sixteen of the longest VARCHAR.
  rowBytes: 16_777_216,
  // Half of DuckDB's block: large enough that the calls cost nothing, small enough for many loads at once.
  blockBytes: 131_072,
  // Longer texts are what the MySQL port is for.
  queryBytes: 4_194_304,
  queries: 256,
  // With 16 MiB for the longest row and its text, 128 loads of the worst kind still fit a machine.
  bodies: 128,
  transactions: 1000,
  // StarRocks: max_running_txn_num_per_db.
  databaseTransactions: 1000,
  // StarRocks: stream_load_default_timeout_second, 10 minutes.
  loadSeconds: 600,
  // StarRocks: stream_load_default_timeout_second, 10 minutes.
  transactionIdleMs: 600_000,
  // 50 reasons of 200 bytes: the last 800 failed loads.
  errorLogBytes: 8_388_608,
  // StarRocks: load_error_log_reserve_hours, 48.
  errorLogMs: 172_800_000,
  lingerMs: 3_000,
  lingerBytes: 16_777_216,
  // As for the MySQL port: the process that stops an engine waits 5 s before it kills.
  drainMs: 3_000,
}
