/** A sentence of the server in the language that was chosen; one that has no French is shown, and read out, in English. */
import { useTranslation } from 'react-i18next';
import { inFrench } from '../i18n.ts';

/** `lang` is what the words are in; undefined where it is the language of the page. */
type Spoken = { readonly words: string; readonly lang: 'en' | undefined };

export function useSaid(): (sentence: string) => Spoken {
  const { i18n } = useTranslation();
  return (sentence) => {
    if (i18n.language !== 'fr') return { words: sentence, lang: undefined };
    const french = inFrench(sentence);
    return french === null ? { words: sentence, lang: 'en' } : { words: french, lang: undefined };
  };
}

export function Said({ children, className }: { readonly children: string | null; readonly className?: string }) {
  const said = useSaid();
  if (children === null) return null;
  const { words, lang } = said(children);
  return (
    <span lang={lang} className={className}>
      {words}
    </span>
  );
}
