/** The versions that clients are shown. */

/** The handshake, version() and @@version say one thing (reference: StarRocks 3.3, `mysql_server_version`). */
export const mysqlVersion = '5.1.0'

export const versionComment =
  'Emrys: a StarRocks-compatible engine on DuckDB; this is not StarRocks'
