/** Texts within XML and HTML. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&#x27;': "'",
}

/** With what stands for characters in the place of which it stands; what is no such name stays. */
export function unescapeMarkup(text: string): string {
  return text.replaceAll(/&[#a-z0-9]+;/gi, (entity) => ENTITIES[entity.toLowerCase()] ?? entity)
}
