/** The same small insurance system for every test and picture: what is installed, what is behind, what went wrong. */

import { addEntry, type EntryWish } from '../../server/src/actions/edit-calendar.ts';
import { boardTrain, createTrain } from '../../server/src/actions/plan-train.ts';
import { deploy } from '../../server/src/reconcile/for-tests.ts';
import type { Plane } from './plane.ts';
import { tellSigns } from './story-signs.ts';

export const stages = ['dev', 'int', 're7', 'preprod', 'prod'] as const;

/** Takes a release through the stages named, in order. */
export async function travel(plane: Plane, component: string, version: string, places: readonly string[]): Promise<void> {
  for (const environment of places) await deploy(plane.context, component, version, environment);
}

const packages = [
  'pkg:npm/undici@7.1.0',
  'pkg:npm/%40opentelemetry/api@1.9.0',
  'pkg:npm/left-pad@1.3.0',
  'pkg:deb/debian/openssl@3.0.15-1',
];
const newer = ['pkg:npm/undici@7.2.0', 'pkg:npm/%40opentelemetry/api@1.9.0', 'pkg:npm/pino@9.5.0', 'pkg:deb/debian/openssl@3.0.15-1'];

export async function tellStory(plane: Plane): Promise<void> {
  await plane.release('contrats-api', '1.0.0', { subject: 'feat: lit les contrats' });
  await plane.release('contrats-web', '1.0.0', { dependsOn: ['contrats-api'], subject: 'feat: montre le portefeuille' });
  await plane.release('sinistres-api', '2.3.0', {
    ...{ system: 'sinistres', dependsOn: ['contrats-api'], subject: 'fix: arrondit au centime' },
    run: { repair: 'report' },
  });
  await plane.release('contrats-relance', '1.0.0', {
    kind: 'Job',
    dependsOn: ['contrats-api'],
    run: { schedule: '*/5 * * * *' },
    subject: 'feat: relance après trente jours',
    packages,
  });
  await travel(plane, 'contrats-api', '1.0.0', stages);
  await travel(plane, 'contrats-web', '1.0.0', stages);
  await travel(plane, 'sinistres-api', '2.3.0', stages.slice(0, 3));
  await travel(plane, 'contrats-relance', '1.0.0', stages);
  await plane.release('contrats-web', '1.1.0', {
    dependsOn: ['contrats-api'],
    subject: 'feat: affiche la franchise',
    env: { FRANCHISE: 'oui' },
    packages,
  });
  await travel(plane, 'contrats-web', '1.1.0', stages.slice(0, 2));
  await plane.release('contrats-web', '1.2.0', {
    dependsOn: ['contrats-api'],
    subject: 'fix: garde la session pendant le paiement',
    env: { FRANCHISE: 'oui', SESSION: '30m' },
    packages: newer,
  });
  await travel(plane, 'contrats-web', '1.2.0', ['dev']);
  await plane.release('sinistres-api', '9.9.9', {
    system: 'sinistres',
    dependsOn: ['contrats-api'],
    subject: 'perf: évite une lecture par contrat',
  });
  await travel(plane, 'sinistres-api', '9.9.9', ['dev']);
  await plane.release('contrats-relance', '1.0.1', {
    kind: 'Job',
    dependsOn: ['contrats-api'],
    run: { schedule: '*/5 * * * *' },
    subject: 'fix: relance une seule fois par contrat',
    env: { LOT: '200', MAIL_TOKEN: 'jeton-de-test' },
    packages: newer,
  });
  await travel(plane, 'contrats-relance', '1.0.1', stages);
  await planAhead(plane);
  await tellSigns(plane);
}

/** What is to come: windows on working days, a freeze around the end of the year, and a train that still takes releases in. */
async function planAhead({ context }: Plane): Promise<void> {
  const today = Temporal.Now.plainDateISO('Europe/Paris');
  const day = (ahead: number): string => today.add({ days: ahead }).toString();
  const at = (ahead: number): string => `${day(ahead)}T07:00:00Z`;
  const scope = { environments: ['prod'], systems: null, criticality: null, on: [], except: [], skip: [], timeZone: 'Europe/Paris' };
  const wishes: readonly EntryWish[] = [
    {
      kind: 'window',
      entry: {
        ...scope,
        ...{ name: 'heures-ouvrees', reason: 'Les équipes sont là', rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH', except: ['holidays'] },
        ...{ start: '2026-01-05T09:00', end: '2026-01-05T17:00' },
      },
    },
    {
      kind: 'freeze',
      entry: {
        ...scope,
        ...{ name: 'arrete-comptable', reason: 'Arrêté des comptes', rule: null },
        ...{ start: `${day(3)}T00:00`, end: `${day(5)}T12:00` },
      },
    },
  ];
  for (const wish of wishes) await addEntry(context, 'lea', wish);
  await createTrain(context, 'lea', { name: 'avril', opensAt: at(-1), locksAt: at(1), rehearsalAt: at(2), departsAt: at(6) });
  await boardTrain(context, 'lea', { train: 'avril', component: 'contrats-web', version: '1.2.0' });
  await boardTrain(context, 'lea', { train: 'avril', component: 'sinistres-api', version: '2.3.0' });
}
