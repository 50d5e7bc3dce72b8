/** What a person chose for this browser: language and theme. Nothing else is kept in it. */
import { useSyncExternalStore } from './external.ts'

export type Language = 'en' | 'zh'
export type Theme = 'system' | 'light' | 'dark'

export interface Choices {
  readonly language: Language
  readonly theme: Theme
}

const PLACE = 'emrys-console'
const listeners = new Set<() => void>()
let choices = read()

function read(): Choices {
  const language = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? '{}') as Partial<Choices>
    return {
      language: kept.language === 'zh' || kept.language === 'en' ? kept.language : language,
      theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'system',
    }
  } catch {
    return { language, theme: 'system' }
  }
}

export function choose(more: Partial<Choices>): void {
  choices = { ...choices, ...more }
  try {
    localStorage.setItem(PLACE, JSON.stringify(choices))
  } catch {
    // A browser that keeps nothing forgets it with the page.
  }
  applyChoices()
  for (const listener of listeners) listener()
}

export function chosen(): Choices {
  return choices
}

export function useChoices(): Choices {
  return useSyncExternalStore(subscribe, chosen)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function applyChoices(): void {
  document.documentElement.lang = choices.language === 'zh' ? 'zh-CN' : 'en'
  document.documentElement.dataset['theme'] = choices.theme
}
