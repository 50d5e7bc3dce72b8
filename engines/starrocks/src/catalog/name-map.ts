/** DuckDB's names of tables (`data.t10004`) back to what the client calls them, for messages and plans. */
import type { Catalog } from './catalog.ts'

export function nameMap(catalog: Catalog): (text: string) => string {
  return (text) =>
    text.replaceAll(
      /\b(?:(?:vol\d+\.)?data\.(?:data\.)?)?([ts])(\d{5,})\b/g,
      (found, _kind, id) => {
        const entry = catalog.entries.get(Number(id))
        return entry && 'name' in entry ? entry.name : found
      },
    )
}
