/** The words of publications and notices, in the languages that people chose. */
import type { CommitTopic } from '../changes/conventional-commit.ts';
import type { Storey } from '../release.ts';

export type Language = 'fr' | 'en';

export type Words = {
  readonly installed: (component: string, version: string, environment: string) => string;
  readonly inPlaceOf: (version: string) => string;
  readonly firstTime: string;
  readonly on: (local: Temporal.ZonedDateTime) => string;
  /** Settings of a component as `configuration.ts` names them, and their values. */
  readonly settings: Readonly<Record<string, string>>;
  readonly valueOf: (value: string) => string;
  readonly wentAway: string;
  readonly breaking: string;
  readonly tickets: string;
  readonly image: string;
  readonly configuration: string;
  readonly vulnerabilities: string;
  readonly nothing: string;
  readonly hidden: string;
  readonly absent: string;
  readonly topics: Readonly<Record<CommitTopic, string>>;
  readonly storeys: Readonly<Record<Storey, string>>;
  readonly changed: Readonly<Record<'added' | 'removed' | 'changed', string>>;
  readonly layers: (added: number, removed: number) => string;
  readonly brings: string;
  readonly removes: string;
  readonly feed: string;
  readonly ofSystem: (system: string) => string;
  readonly ofTrain: (train: string) => string;
  readonly count: (installations: number) => string;
};

export const words: Readonly<Record<Language, Words>> = {
  fr: {
    installed: (component, version, environment) => `${component} ${version} est en ${environment}`,
    inPlaceOf: (version) => `à la place de ${version}`,
    firstTime: 'pour la première fois',
    on: (local) => `le ${local.toLocaleString('fr', { dateStyle: 'long', timeStyle: 'short' })}`,
    settings: { replicas: 'exemplaires', cpu: 'processeur', memory: 'mémoire', schedule: 'horaire', dependencies: 'dépendances' },
    valueOf: (value) =>
      value
        .replace(/^no limit$/, 'sans limite')
        .replace(/^none$/, 'rien')
        .replace(/^(\d+) to (\d+)$/, '$1 à $2'),
    wentAway: 'Retour à une version antérieure : ce qui suit n’y est plus.',
    breaking: 'Ruptures',
    tickets: 'Tickets',
    image: 'Image',
    configuration: 'Configuration',
    vulnerabilities: 'Vulnérabilités',
    nothing: 'Rien d’autre n’a changé que la version.',
    hidden: 'valeur non montrée',
    absent: 'rien',
    topics: { feature: 'Nouveautés', fix: 'Corrections', performance: 'Performances', security: 'Sécurité', other: 'Autres changements' },
    storeys: { vendor: 'base éditeur', socle: 'socle', dependencies: 'dépendances', application: 'application' },
    changed: { added: 'ajouté', removed: 'retiré', changed: 'modifié' },
    layers: (added, removed) =>
      `${added} ${added < 2 ? 'couche nouvelle' : 'couches nouvelles'}, ${removed} ${removed < 2 ? 'retirée' : 'retirées'}`,
    brings: 'apportée',
    removes: 'corrigée',
    feed: 'Mises en production',
    ofSystem: (system) => `Mises en production de ${system}`,
    ofTrain: (train) => `Ce que le train ${train} a mis en production`,
    count: (installations) => (installations < 2 ? `${installations} mise en production` : `${installations} mises en production`),
  },
  en: {
    installed: (component, version, environment) => `${component} ${version} is in ${environment}`,
    inPlaceOf: (version) => `in place of ${version}`,
    firstTime: 'for the first time',
    on: (local) => local.toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' }),
    settings: {},
    valueOf: (value) => value,
    wentAway: 'Back to an earlier release: what follows is gone again.',
    breaking: 'Breaking changes',
    tickets: 'Tickets',
    image: 'Image',
    configuration: 'Configuration',
    vulnerabilities: 'Vulnerabilities',
    nothing: 'Nothing changed but the version.',
    hidden: 'value not shown',
    absent: 'nothing',
    topics: { feature: 'New', fix: 'Fixed', performance: 'Faster', security: 'Security', other: 'Other changes' },
    storeys: { vendor: 'vendor base', socle: 'socle', dependencies: 'dependencies', application: 'application' },
    changed: { added: 'added', removed: 'removed', changed: 'changed' },
    layers: (added, removed) => `${added} new ${added === 1 ? 'layer' : 'layers'}, ${removed} removed`,
    brings: 'brought',
    removes: 'removed',
    feed: 'Installations in production',
    ofSystem: (system) => `Installations of ${system}`,
    ofTrain: (train) => `What train ${train} brought into production`,
    count: (installations) => (installations === 1 ? '1 installation' : `${installations} installations`),
  },
};
