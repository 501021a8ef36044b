/** What the palette offers for what was typed: pages, components and other things, and what can be done. */
import type { TFunction } from 'i18next';
import { speak } from '../i18n.ts';
import { keepTheme } from '../preferences.ts';
import { places } from './places.ts';

export type Entry = { readonly key: string; readonly words: string; readonly kind: string; readonly cli: string | null } & (
  | { readonly href: string }
  | { readonly act: () => void }
);
type Component = { readonly name: string; readonly system: string };
type Named = { readonly name: string };
export type Known = {
  readonly components: readonly Component[];
  readonly trains: readonly Named[];
  readonly socles: readonly Named[];
  /** The environments in their order. */
  readonly stages: readonly string[];
};
/** What is done here and not at a page of its own. */
export type Acts = { readonly stop: () => void };

const mostComponents = 200;
const mostThings = 6;

export function entriesFor(words: string, known: Known, acts: Acts, t: TFunction): readonly Entry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = ({ words: text, kind }: Entry): boolean => {
    const all = `${text} ${kind}`.toLowerCase();
    return wanted.every((word) => all.includes(word));
  };
  const platform = [...pageEntries(t), ...platformEntries(acts, t)].filter(matches);
  const choices = preferenceEntries(t).filter(matches);
  if (wanted.length === 0) return [...platform, ...choices];
  const named = known.components
    .filter(({ name, system }) => wanted.some((word) => `${name} ${system}`.toLowerCase().includes(word)))
    .slice(0, mostComponents);
  const components = named.map((component) => componentEntry(component, t)).filter(matches);
  const [first = 'dev', last = 'prod'] = [known.stages[0], known.stages.at(-1)];
  const actions = named.flatMap(({ name }) => actionEntries(name, first, last, t)).filter(matches);
  const others = [...numberedEntries(words.trim(), t), ...thingEntries(known, t).filter(matches)];
  return [...platform, ...components.slice(0, mostThings), ...others.slice(0, mostThings), ...actions, ...choices];
}

function pageEntries(t: TFunction): readonly Entry[] {
  return places.map(({ name, to, cli }) => ({ key: to, words: t(`page.${name}`), kind: t('palette.page'), cli, href: to }));
}

/** What is done with the platform as a whole. */
function platformEntries({ stop }: Acts, t: TFunction): readonly Entry[] {
  const kind = t('palette.action');
  return [
    { key: 'stop', words: t('palette.stop'), kind, cli: 'beluga stop-the-line --reason "…"', act: stop },
    {
      ...{ key: 'freeze', words: t('calendar.newFreeze'), kind, href: '/calendar?new=freeze' },
      cli: 'beluga calendar freeze NAME --start … --end … --to prod',
    },
    {
      ...{ key: 'window', words: t('calendar.newWindow'), kind, href: '/calendar?new=window' },
      cli: 'beluga calendar window NAME --start … --end … --to prod',
    },
    {
      ...{ key: 'train', words: t('trains.new'), kind, href: '/trains?new=yes' },
      cli: 'beluga train create NAME --locks … --rehearsal … --departure …',
    },
    { key: 'token', words: t('tokens.make'), kind, cli: 'beluga token create NAME', href: '/settings' },
  ];
}

function componentEntry({ name, system }: Component, t: TFunction): Entry {
  const kind = t('palette.componentOf', { system });
  return { key: `component ${name}`, words: name, kind, cli: `beluga releases ${name}`, href: `/components/${name}` };
}

/** What is known by its number alone. */
function numberedEntries(id: string, t: TFunction): readonly Entry[] {
  if (/^chg-\w+$/.test(id))
    return [{ key: id, words: id, kind: t('word.change'), cli: `beluga change show ${id}`, href: `/changes/${id}` }];
  if (/^dep-\w+$/.test(id))
    return [{ key: id, words: id, kind: t('word.deployment'), cli: 'beluga deployments', href: `/deployments/${id}` }];
  return [];
}

/** Systems, trains and socles. */
function thingEntries({ components, trains, socles }: Known, t: TFunction): readonly Entry[] {
  const systems = [...new Set(components.map(({ system }) => system))].toSorted();
  return [
    ...systems.map((name) => ({
      ...{ key: `system ${name}`, words: name, kind: t('palette.system'), href: `/?system=${name}` },
      cli: `beluga automation ${name}`,
    })),
    ...trains.map(({ name }) => ({
      ...{ key: `train ${name}`, words: name, kind: t('palette.train'), href: `/trains/${name}` },
      cli: `beluga train show ${name}`,
    })),
    ...socles.map(({ name }) => ({
      ...{ key: `socle ${name}`, words: name, kind: t('palette.socle'), href: `/images/${name}` },
      cli: `beluga socle show ${name}`,
    })),
  ];
}

function actionEntries(name: string, first: string, last: string, t: TFunction): readonly Entry[] {
  const kind = t('palette.action');
  const page = `/components/${name}`;
  const to = (tab: string): string => `${page}?tab=${tab}&environment=${last}`;
  const words = { name, last };
  return [
    { key: `further ${name}`, words: t('palette.further', words), kind, cli: `beluga deploy ${name} --to ${first}`, href: page },
    { key: `logs ${name}`, words: t('palette.logs', words), kind, cli: `beluga logs ${name} --env ${last} --follow`, href: to('logs') },
    {
      key: `config ${name}`,
      words: t('palette.config', words),
      kind,
      cli: `beluga config ${name} --env ${last}`,
      href: to('configuration'),
    },
    {
      key: `instances ${name}`,
      words: t('palette.instances', words),
      kind,
      cli: `beluga instances ${name} --env ${last}`,
      href: to('instances'),
    },
    {
      key: `activity ${name}`,
      words: t('palette.activity', words),
      kind,
      cli: `beluga samples ${name} --env ${last}`,
      href: to('activity'),
    },
    { key: `drift ${name}`, words: t('palette.drift', words), kind, cli: `beluga drift ${name}`, href: `/drift?component=${name}` },
    { key: `back ${name}`, words: t('palette.back', words), kind, cli: `beluga rollback ${name} --env ${last}`, href: page },
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
