/** The text of a publication: the fragment that the server writes, of which only these elements are shown, as text. */
import { createElement, Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dayAndTime } from '../../parts/time.tsx';

const known: Readonly<Record<string, string>> = {
  H2: 'h3',
  P: 'p',
  UL: 'ul',
  LI: 'li',
  ARTICLE: 'div',
  OL: 'ol',
  STRONG: 'strong',
  EM: 'em',
  CODE: 'code',
};

/** The title is the card's own, and left out. */
export function FragmentOf({ html }: { readonly html: string }) {
  const { i18n } = useTranslation();
  const { body } = new DOMParser().parseFromString(html, 'text/html');
  return <div className="fragment">{[...body.childNodes].map((node, index) => shown(node, index, i18n.language))}</div>;
}

function shown(node: ChildNode, index: number, language: string): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return withLocalTimes(node.textContent ?? '', language);
  if (!(node instanceof Element) || node.tagName === 'H1') return null;
  const children = [...node.childNodes].map((child, at) => shown(child, at, language));
  const tag = known[node.tagName];
  return tag === undefined ? <Fragment key={index}>{children}</Fragment> : createElement(tag, { key: index }, children);
}

/** Instants are written in UTC; whoever reads has a zone of their own. */
function withLocalTimes(text: string, language: string): string {
  return text.replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, (at) => dayAndTime(at, language));
}
