/** Where time is lost: how long each gate held releases, the longest first. */

import type { MeasuresView } from '@beluga/contract/measure-schema';
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { hoursOf } from './figure.ts';

export function useGateName(): (gate: string) => string {
  const { t } = useTranslation();
  const names: Readonly<Record<string, string>> = t('gate.names', { returnObjects: true });
  return (gate) => (gate === 'turn' ? t('measures.turn') : (names[gate] ?? gate));
}

export function Waits({ measures: { waits } }: { readonly measures: MeasuresView }) {
  const { t, i18n } = useTranslation();
  const nameOf = useGateName();
  const most = Math.max(...waits.map(({ hours }) => hours), 0);
  return (
    <Card isCompact>
      <CardTitle component="h2">{t('measures.waits')}</CardTitle>
      <CardBody>
        <p className="quiet">{waits.length === 0 ? t('measures.noWaits') : t('measures.waitsText')}</p>
        <ul className="waits">
          {waits.map(({ gate, hours, deployments }) => (
            <li key={gate}>
              <span>{nameOf(gate)}</span>
              <meter min={0} max={most} value={hours} aria-label={nameOf(gate)} />
              <span className="waits-hours">{hoursOf(hours, i18n.language)}</span>
              <Link to="/measures" search={(all) => ({ ...all, of: gate })} resetScroll={false}>
                {t('measures.open', { count: deployments.length })}
              </Link>
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  );
}
