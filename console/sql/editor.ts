/**
 * The editor of SQL: CodeMirror, with what a database has to complete from. It lives in a shadow root: there its styles are adopted as
 * style sheets, which the pages' policy lets a script do, where it forbids elements with styles in them.
 */
import { autocompletion, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { MySQL, sql, type SQLNamespace } from '@codemirror/lang-sql'
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { Compartment, EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'

export interface Editor {
  text(): string
  /** What is selected, or all of it. */
  chosen(): string
  replace(text: string): void
  /** Tables and columns by schema, to complete from. */
  complete(schema: SQLNamespace, database: string): void
  focus(): void
  close(): void
}

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--busy)' },
  { tag: tags.comment, color: 'var(--quiet)', fontStyle: 'italic' },
])

const looks = EditorView.theme({
  '&': {
    background: 'var(--ground)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
  },
  '&.cm-focused': { outline: '3px solid var(--focus)' },
  '.cm-content': {
    minHeight: '120px',
    caretColor: 'var(--text)',
    fontFamily: 'ui-monospace, monospace',
  },
  '.cm-scroller': { maxHeight: '320px', overflow: 'auto' },
  '.cm-gutters': { background: 'var(--raised)', color: 'var(--quiet)', border: '0' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-tooltip': {
    background: 'var(--raised)',
    color: 'var(--text)',
    border: '1px solid var(--line)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--accent)',
    color: 'var(--on-accent)',
  },
})

export function openEditor(
  host: HTMLElement,
  it: {
    readonly label: string
    readonly text: string
    readonly run: () => void
    readonly onText: (text: string) => void
  },
): Editor {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' })
  const language = new Compartment()
  const run = () => {
    it.run()
    return true
  }
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: it.text,
      extensions: [
        lineNumbers(),
        history(),
        bracketMatching(),
        autocompletion(),
        syntaxHighlighting(colours),
        looks,
        language.of(sql({ dialect: MySQL })),
        // Tab leaves the editor, as any field: it is no trap for the keyboard.
        keymap.of([
          { key: 'Mod-Enter', run },
          ...completionKeymap,
          ...historyKeymap,
          ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'),
        ]),
        EditorView.contentAttributes.of({ 'aria-label': it.label }),
        EditorView.lineWrapping,
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) it.onText(state.doc.toString())
        }),
      ],
    }),
  })
  const text = () => view.state.doc.toString()
  return {
    text,
    chosen() {
      const { from, to } = view.state.selection.main
      return from === to ? text() : view.state.sliceDoc(from, to)
    },
    replace(next) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } })
    },
    complete(schema, defaultSchema) {
      const config = { dialect: MySQL, schema, ...(defaultSchema === '' ? {} : { defaultSchema }) }
      view.dispatch({ effects: language.reconfigure(sql(config)) })
    },
    focus: () => view.focus(),
    close: () => view.destroy(),
  }
}
