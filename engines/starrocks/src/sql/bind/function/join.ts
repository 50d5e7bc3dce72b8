/** Joining the texts of a list. DuckDB's array_to_string wants a constant separator. */

export const joinTexts = (list: string, separator: string): string => {
  const constant = /^'(?:[^']|'')*'$/.test(separator)
  if (constant) return `array_to_string(${list}, ${separator})`
  const joined = `list_reduce(${list}, lambda left_text, right_text: left_text || ${separator} || right_text)`
  return `CASE WHEN ${separator} IS NULL THEN NULL WHEN len(${list}) = 0 THEN '' ELSE ${joined} END`
}
