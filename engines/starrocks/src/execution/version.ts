/** The versions that clients are shown. */

/** StarRocks announces MySQL 5.1.0 in its handshake, whatever it is (reference: its `version` variable). */
export const serverVersion = '5.1.0'

/** version() and @@version answer this, as StarRocks does since 3.x. */
export const mysqlVersion = '8.0.33'

export const versionComment =
  'Emrys: a StarRocks-compatible engine on DuckDB; this is not StarRocks'
