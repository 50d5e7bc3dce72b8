/** Every upper bound in Emrys, with its reason. A bound that a vendor publishes names the page. */
export const limits = {
  /** Tencent's v3 POST limit (common request page); Alibaba's gateway takes less. Larger bodies are refused unread. */
  bodyBytes: 10 * 1024 * 1024,
  /** Tencent takes queries of 32 KB (common request page); a little more, so that the vendor's own refusal can be given. */
  headerBytes: 64 * 1024,
  /** Pairs of a query or form: more than any action declares. They are decoded and sorted before a signature is proved. */
  pairs: 5_000,
  /** The longest declared name has some eighty bytes. */
  nameBytes: 1024,
  /** Members and items of a JSON text, all levels together: a call's largest declared lists (50 resources of 20 tags) several times over. */
  jsonValues: 10_000,
  /** No action declares more than eight levels. */
  jsonDepth: 32,
  /** A body comes in pieces of kilobytes; after so many, they must be of this size on average, or each costs more than it brings. */
  bodyPieces: 4_096,
  bodyPieceBytes: 64,
  /** Of views of clusters as they were sent, for each listing action: some two thousand, which have about 3.5 kB each. */
  writtenViewBytes: 8 * 1024 * 1024,
  /** A request that is not whole by then is cut: slow senders must not hold sockets. */
  requestMs: 60_000,
  /** How long requests under way may take when the server is asked to stop; the whole stop takes less than 5 s. */
  drainMs: 3_000,
  /** Bodies of admin pages are a few members. */
  adminBodyBytes: 64 * 1024,
  /** Rows of one admin answer: a megabyte or so. */
  adminRows: 1000,
  /** The server is not ready when a commit takes longer. */
  readyMs: 2_000,
  /** Ten years: further ahead, certificates and clients' own clocks stop making sense. */
  clockAheadMs: 10 * 365 * 24 * 3_600_000,
  /** A transition that takes longer says so in its reason; it is not a failure (a timeout proves nothing). */
  transitionMs: 30 * 60_000,
  /** A restart that is planned further ahead is a mistake in its unit; the documents have no bound. */
  plannedAheadMs: 30 * 24 * 3_600_000,
  /** A change of a running cluster that is not done by then goes back to what was wanted before. */
  changeMs: 60 * 60_000,
  /** A server that has just started gives a change this long, whenever it was due: nobody carried it out meanwhile. */
  changeAfterStartMs: 10 * 60_000,
  /** How long the history of a deleted cluster can be asked for. */
  deletedKeptMs: 24 * 3_600_000,
  /** Operations of one cluster that can be open at once. */
  openOperations: 50,
  /** How long an idempotency token is remembered; both vendors say less, and a longer memory is safer for retries. */
  tokenMs: 24 * 3_600_000,
  auditMs: 90 * 24 * 3_600_000,
  /** Tokens, and entries of the audit trail, that one transaction drops: others wait for it. */
  prunedAtOnce: 1_000,
  /** Clusters that are reconciled side by side. */
  reconcileAtOnce: 64,
  /** Batching window of new work that comes while steps are under way: clusters that are reconciled together share their commits. */
  gatherMs: 25,
  /** A lease of a work item ends after this long; far longer than one step takes. */
  leaseMs: 60_000,
  sweepMs: 5 * 60_000,
  /** How often a cluster is looked at when its substrate cannot say when it will have changed. */
  pollMs: 5_000,
  /** Requests that may wait for their commit; beyond it the server says that it is overloaded. */
  writesWaiting: 10_000,
  /** Listings of one account that walk many documents and wait for each other. */
  longListingsWaiting: 100,
  /** A database that takes longer for a connection or a statement is as good as gone. */
  databaseMs: 10_000,
  /** A server that stands still in the middle of a commit holds up all others for so long; then the database undoes it. */
  idleTransactionMs: 5_000,
  /** How long requests wait for a database that restarts or fails over; less than clients wait for an answer. */
  databaseOutageMs: 20_000,
  /** TagResources: at most 20 tags a resource and 50 resources a call (Alibaba SDK comments). */
  tagsPerCluster: 20,
  resourcesPerTagging: 50,
  /** Rows of tags in one answer: all of as many resources as a request may name. The documents have no bound. */
  tagsPerPage: 1000,
  /** No source says how many; each wakes the reconciler twice a day or so. */
  scalingRulesPerGroup: 20,
  /** No source says how many; each looks at all of its cluster when it is due. */
  strategiesPerCluster: 30,
  /** With those that were made once; the oldest of them make room. */
  inspectionsPerCluster: 50,
  /** Of one inspection: a daily one's of three months. */
  inspectionReports: 100,
  /** Of one cluster; each is looked at every few seconds. */
  openJobFlows: 20,
  /** Both clouds' page bound. */
  pageSize: 100,
  /** Positions kept to make offset paging stable; the oldest go first. */
  pagePositions: 10_000,
  /** How long they are kept by servers that share them: a walk continues page after page. */
  pagePositionMs: 30 * 60_000,
  /** By how much the clocks of servers of one store may differ. */
  clockSkewMs: 60_000,
  /** Credentials and compiled policies remembered between requests; both are looked up again when they are not. */
  credentialsKept: 2_000,
  policiesKept: 1_000,
  /** Role sessions of an account, open or lately ended: twenty new ones a minute for twelve hours are 14 400. */
  sessionsPerAccount: 20_000,
  /** How long the key of an ended session is reported as expired; then it is unknown. */
  sessionsKeptMs: 24 * 3_600_000,
  /** Clusters that are examined to answer a listing for a caller who may see only some of them. */
  visibilityScan: 20_000,
  /** A switched-on latency: longer than any client's default timeout, shorter than what the host waits for a request. */
  faultLatencyMs: 50_000,
  /** Fault switches at once: a few for each dependency; each call looks through them. */
  faultSwitches: 100,
  /** Calls that met a fault, and changes of time, paces and faults, that are remembered for those who ask what happened. */
  faultHistory: 200,
  /** A declared environment's file: some ten thousand declarations. */
  environmentFileBytes: 4 * 1024 * 1024,
  /** An order that is not paid by then is cancelled; no vendor says how long, and stock is held meanwhile. */
  unpaidOrderMs: 24 * 3_600_000,
  coupons: 10_000,
  /** Moving the clock stops so often at what falls due on the way; then it jumps, and what was skipped is caught up with. */
  clockStops: 1_000,
  /** Subnets, groups and the like that an account can bring up in an open environment. */
  resourcesAdopted: 100_000,
  /** Wrapping keys of an account: a cluster needs one at most, and each costs a row. */
  encryptionKeys: 10_000,
  /** Backups of a cluster, ended ones included: one a day for the year that the longest are kept, and as many to spare. */
  backupsPerCluster: 400,
  /** Tables that an answer names of one backup. */
  backupTables: 1000,
  /** A key service that takes longer is as good as gone; a request waits for two or three of its answers. */
  keyServiceMs: 5_000,
  /** Exchanges with a key service under way: far more than one serves at a time. */
  keyServiceAtOnce: 128,
  /** Answers of a key service are a key or two and what there is to know of it. */
  keyServiceBytes: 256 * 1024,
  /** Groups of addresses that may connect to an instance, and blocks in each: every new connection is looked up in them. */
  allowLists: 50,
  allowedBlocks: 300,
  /** Items of a configuration that one request changes. */
  configurationChanges: 200,
  /** Names that an instance looks up in a table of its own: a file of hosts, not a service of names. */
  hostAliases: 100,
  namesOfHost: 20,
  /** A key with its certificate and those that signed it, in base64. */
  keyStoreText: 65_536,
  /** Between two deliveries of a cluster's logs; a client of the cloud looks for them after some minutes. */
  logDeliveryMs: 5 * 60_000,
  /** What the end of a cluster waits for its last lines to be delivered. */
  lastLogsMs: 20_000,
  /** Names of object storage that a cluster may use: its engine looks through them for every object. */
  objectPrefixes: 1000,
  /** A database that is probed answers within this, or is reported as unreachable; clients wait for 10 s and more. */
  probeMs: 3_000,
  /** Probes under way: each holds a socket, and a request. */
  probesAtOnce: 16,
  /** What a database may send before a client has asked it anything: a greeting, a key, errors. */
  probeBytes: 64 * 1024,
  /** People at one machine, each with some browsers; the one that was used longest ago makes room. */
  consoleSessions: 200,
  /** A working day; and a lunch break without a look. */
  consoleSessionMs: 12 * 3_600_000,
  consoleIdleMs: 2 * 3_600_000,
  /** Nobody types faster; who guesses needs longer than the universe lasts. */
  consoleSignIns: 20,
  /** A request that a page makes: the largest declared one several times over. */
  consoleBodyBytes: 256 * 1024,
  /** Pages that are open and seen: browsers close those that are not. */
  consoleStreams: 100,
  /** What clients sent lately, in memory: at most so many, of the last hour, each with at most so much of the text that was signed. */
  consoleRequests: 2_000,
  consoleRequestsMs: 3_600_000,
  consoleSignedText: 4_096,
  /** How often open pages learn of changes, and what they are sent when nothing happens. */
  consoleLookMs: 500,
  consoleQuietMs: 15_000,
  consoleRetryMs: 1_000,
  consoleWaitingBytes: 4_096,
  /** Between two looks at what engines report of themselves, for the plots of the console. */
  sampleMs: 60_000,
  /** Spans that wait for their collector: a few megabytes. What comes beside them is dropped. */
  spansWaiting: 4_096,
  spansPerBatch: 512,
  spanFlushMs: 1_000,
  /** A collector that takes longer for a batch is as good as gone. */
  spanSendMs: 10_000,
  /** What is left when the server stops; the whole stop takes less than 5 s. */
  spanCloseMs: 1_000,
  /** A statement of somebody at a page: who wants more rows than can be looked at has clients of SQL. */
  consoleSqlRows: 1_000,
  consoleSqlBytes: 1024 * 1024,
  consoleSqlMs: 120_000,
  consoleSqlConnectMs: 10_000,
  /** Statements under way, of all sessions: each holds a connection. */
  consoleSqlAtOnce: 20,
} as const
