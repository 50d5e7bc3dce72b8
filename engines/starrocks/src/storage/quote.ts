/** Names and texts as DuckDB's SQL writes them: nothing that a client sent can end its own quotes. */

/** A name as DuckDB's SQL quotes it. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A string as DuckDB's SQL quotes it. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`
