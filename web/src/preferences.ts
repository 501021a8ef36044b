/** What a person chose in this browser: language and light or dark. */
export const languages = ['fr', 'en'] as const;
export type Language = (typeof languages)[number];
export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const languageKey = 'beluga-language';
const themeKey = 'beluga-theme';

export function chosenLanguage(): Language {
  const stored = localStorage.getItem(languageKey);
  return languages.find((language) => language === stored) ?? (navigator.language.startsWith('fr') ? 'fr' : 'en');
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(languageKey, language);
  document.documentElement.lang = language;
}

export function chosenTheme(): Theme {
  const stored = localStorage.getItem(themeKey);
  return themes.find((theme) => theme === stored) ?? 'system';
}

/** Keeps the choice and shows it; `system` goes with the machine, also when it changes. */
export function keepTheme(theme: Theme): void {
  localStorage.setItem(themeKey, theme);
  showTheme();
}

const machine = matchMedia('(prefers-color-scheme: dark)');

export function showTheme(): void {
  const theme = chosenTheme();
  const dark = theme === 'dark' || (theme === 'system' && machine.matches);
  document.documentElement.classList.toggle('pf-v6-theme-dark', dark);
}

machine.addEventListener('change', showTheme);
