/** The services of a cluster that answer SQL, and where. */

/** The names of their endpoints; a cluster with several of them is asked by the first. */
const PROTOCOLS = {
  starrocks: 'mysql',
  hive: 'hive',
  clickhouse: 'clickhouse-http',
  trino: 'trino',
}

export type SqlService = keyof typeof PROTOCOLS

export const SQL_SERVICES = Object.keys(PROTOCOLS) as SqlService[]

/** That of `service`, or of the first service that the cluster has. */
export function sqlEndpoint<E extends { readonly name: string }>(
  endpoints: readonly E[],
  service?: SqlService,
): E | undefined {
  const asked = service === undefined ? SQL_SERVICES : [service]
  return asked.flatMap((each) => endpoints.filter(({ name }) => name === PROTOCOLS[each]))[0]
}
