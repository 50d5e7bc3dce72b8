/** A state as a word with a mark; the colour says nothing that the word does not. */
import { word } from '../texts.ts'

export function State({ name }: { readonly name: string }) {
  return <span class={`state state-${name}`}>{word('state', name)}</span>
}
