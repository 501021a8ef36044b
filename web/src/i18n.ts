/** The words of the console in the language that was chosen; the other language is not loaded. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { en } from './locales/en.ts';
import { keepLanguage, type Language } from './preferences.ts';
import { type Translate, translator } from './said.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
    returnNull: false;
  }
}

const words: Readonly<Record<Language, () => Promise<object>>> = {
  en: async () => (await import('./locales/en.ts')).en,
  fr: async () => {
    const [{ fr }, sentences] = await Promise.all([import('./locales/fr.ts'), import('./locales/sentences.fr.txt?raw')]);
    french = translator(sentences.default);
    return fr;
  },
};
let french: Translate = () => null;

/** A sentence of the server in French; null where it has none, or French was never chosen. */
export function inFrench(sentence: string): string | null {
  return french(sentence);
}

export async function startWords(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    interpolation: { escapeValue: false },
    resources: { [language]: { translation: await words[language]() } },
  });
  keepLanguage(language);
}

export async function speak(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) i18next.addResourceBundle(language, 'translation', await words[language]());
  await i18next.changeLanguage(language);
  keepLanguage(language);
}
