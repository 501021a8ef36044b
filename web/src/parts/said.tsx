/** A sentence of the server in the language that was chosen; one that has no French is shown, and read out, in English. */
import { useTranslation } from 'react-i18next';
import { inFrench } from '../i18n.ts';

export function Said({ children, className }: { readonly children: string | null; readonly className?: string }) {
  const { i18n } = useTranslation();
  if (children === null) return null;
  const french = i18n.language === 'fr' ? inFrench(children) : null;
  // What the words are in, where that is not the language of the page.
  const lang = i18n.language === 'fr' && french === null ? 'en' : undefined;
  return (
    <span lang={lang} className={className}>
      {french ?? children}
    </span>
  );
}
