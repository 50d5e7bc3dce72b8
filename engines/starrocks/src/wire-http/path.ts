/** The path of a Stream Load, `/api/{db}/{table}/_stream_load`; undefined when it is another or is wrongly encoded. */
export interface LoadTarget {
  readonly database: string
  readonly table: string
}

export function loadTarget(path: string): LoadTarget | undefined {
  const found = /^\/api\/([^/]*)\/([^/]*)\/_stream_load$/.exec(path)
  if (!found) return undefined
  try {
    const [database = '', table = ''] = found.slice(1).map(decodeURIComponent)
    return { database, table }
  } catch {
    return undefined
  }
}
