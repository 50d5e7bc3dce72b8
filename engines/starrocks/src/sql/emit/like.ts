/**
 * LIKE. DuckDB tries every way of dividing a text among the `%` of a pattern, which a few of them make endless, and hears no
 * interrupt meanwhile. Such a pattern becomes a regular expression, which RE2 matches in time linear in the text.
 */
import { onceBoth, quote } from './text.ts'

/** `literal` is the pattern's text where the statement has it. */
export const likeText = (
  text: string,
  pattern: string,
  escape: string,
  literal: string | undefined,
): string => {
  if (literal === undefined) return onceBoth(text, pattern, (x, y) => likeOfValues(x, y, escape))
  const plain = !literal.includes(escape)
  // Without the escape character in it, the pattern may use DuckDB's faster paths: any number of `%` when there is no `_`.
  if ((plain && !literal.includes('_')) || wildcards(literal) < 2)
    return `(${text} LIKE ${pattern}${plain ? '' : ` ESCAPE ${quote(escape)}`})`
  return matching(text, quote(expressionOf(literal, escape)))
}

/** With one `%` and those at its end, a pattern is divided in one way for each place in the text. */
const wildcards = (pattern: string): number => pattern.replace(/%+$/, '').split(/%+/).length - 1

const likeOfValues = (text: string, pattern: string, escape: string): string => {
  const head = `rtrim(${pattern}, '%')`
  const many = `length(${head}) - length(replace(${head}, '%', '')) > 1`
  return `(CASE WHEN ${many} THEN ${matching(text, expressionText(pattern, escape))} ELSE ${text} LIKE ${pattern} ESCAPE ${quote(escape)} END)`
}

const matching = (text: string, expression: string): string =>
  `regexp_full_match(${text}, ${expression}, 's')`

const literally = (text: string): string => text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`)

const expressionOf = (pattern: string, escape: string): string => {
  let expression = ''
  const characters = [...pattern]
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? ''
    if (character === escape && at + 1 < characters.length)
      expression += literally(characters[++at] ?? '')
    else if (character === '%') expression += '.*'
    else expression += character === '_' ? '.' : literally(character)
  }
  return expression
}

/** The same of a pattern that is known when it runs: of each character, or of the escape character and the one behind it. */
const expressionText = (pattern: string, escape: string): string => {
  const token = `(?s)${literally(escape)}.|.`
  return `array_to_string(list_transform(regexp_extract_all(${pattern}, ${quote(token)}), lambda like_token: CASE like_token WHEN '%' THEN '.*' WHEN '_' THEN '.' ELSE regexp_escape(right(like_token, 1)) END), '')`
}
