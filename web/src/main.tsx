/** The console: words and theme of this browser first, then the application. */
import '@patternfly/react-core/dist/styles/base.css';
import './console.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { startWords } from './i18n.ts';
import { keepFocus } from './parts/keep-focus.ts';
import { chosenLanguage, showTheme } from './preferences.ts';

showTheme();
keepFocus();
await startWords(chosenLanguage());
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App />);
