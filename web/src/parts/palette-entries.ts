/** What the palette offers for what was typed: pages, components, and what can be done with a component. */
import type { TFunction } from 'i18next';
import { speak } from '../i18n.ts';
import { keepTheme } from '../preferences.ts';
import { places } from './places.ts';

export type Entry = { readonly key: string; readonly words: string; readonly kind: string; readonly cli: string | null } & (
  | { readonly href: string }
  | { readonly act: () => void }
);
type Known = { readonly name: string; readonly system: string };

export function entriesFor(words: string, components: readonly Known[], stages: readonly string[], t: TFunction): readonly Entry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (text: string): boolean => wanted.every((word) => text.toLowerCase().includes(word));
  const pages = pageEntries(t).filter((entry) => matches(`${entry.words} ${entry.kind}`));
  const choices = preferenceEntries(t).filter((entry) => matches(`${entry.words} ${entry.kind}`));
  if (wanted.length === 0) return [...pages, ...choices];
  const named = components
    .filter(({ name, system }) => wanted.some((word) => `${name} ${system}`.toLowerCase().includes(word)))
    .slice(0, 200);
  const things = named.map((component) => componentEntry(component, t)).filter((entry) => matches(`${entry.words} ${entry.kind}`));
  const actions = named
    .flatMap(({ name }) => actionEntries(name, stages.at(-1) ?? 'prod', stages[0] ?? 'dev', t))
    .filter((entry) => matches(`${entry.words} ${entry.kind}`));
  return [...pages, ...things.slice(0, 6), ...actions, ...choices];
}

function pageEntries(t: TFunction): readonly Entry[] {
  return places.map(({ name, to, cli }) => ({ key: to, words: t(`page.${name}`), kind: t('palette.page'), cli, href: to }));
}

function componentEntry({ name, system }: Known, t: TFunction): Entry {
  const kind = t('palette.componentOf', { system });
  return { key: `component ${name}`, words: name, kind, cli: `beluga releases ${name}`, href: `/components/${name}` };
}

function actionEntries(name: string, last: string, first: string, t: TFunction): readonly Entry[] {
  const kind = t('palette.action');
  const to = (tab: string): string => `/components/${name}?tab=${tab}&environment=${last}`;
  return [
    {
      key: `further ${name}`,
      words: t('palette.further', { name }),
      kind,
      cli: `beluga deploy ${name} --to ${first}`,
      href: `/components/${name}`,
    },
    {
      key: `logs ${name}`,
      words: t('palette.logs', { name, last }),
      kind,
      cli: `beluga logs ${name} --env ${last} --follow`,
      href: to('logs'),
    },
    {
      key: `config ${name}`,
      words: t('palette.config', { name, last }),
      kind,
      cli: `beluga config ${name} --env ${last}`,
      href: to('configuration'),
    },
    {
      key: `instances ${name}`,
      words: t('palette.instances', { name, last }),
      kind,
      cli: `beluga instances ${name} --env ${last}`,
      href: to('instances'),
    },
    {
      key: `back ${name}`,
      words: t('palette.back', { name }),
      kind,
      cli: `beluga rollback ${name} --env ${last}`,
      href: `/components/${name}`,
    },
  ];
}

function preferenceEntries(t: TFunction): readonly Entry[] {
  const kind = t('palette.preference');
  return [
    { key: 'light', words: t('shell.light'), kind, cli: null, act: () => keepTheme('light') },
    { key: 'dark', words: t('shell.dark'), kind, cli: null, act: () => keepTheme('dark') },
    { key: 'fr', words: t('language.fr'), kind, cli: null, act: () => void speak('fr') },
    { key: 'en', words: t('language.en'), kind, cli: null, act: () => void speak('en') },
  ];
}
