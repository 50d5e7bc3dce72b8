/** The console in the browser: begins with the session that there is. */
import { render } from 'preact'
import { App } from './app.tsx'
import { applyChoices } from './choice.ts'

applyChoices()
const root = document.getElementById('root')
if (root) render(<App />, root)
