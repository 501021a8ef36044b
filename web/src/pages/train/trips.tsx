/** The trips of a train: each member's way, wave by wave, and how the whole ended. */

import type { ShownTrainView } from '@beluga/contract/train-schema';
import { Card, CardBody, CardTitle } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Said } from '../../parts/said.tsx';
import { StateLabel } from '../../parts/states.tsx';
import { Ago } from '../../parts/time.tsx';

type Trip = ShownTrainView['trips'][number];

export function Trips({ shown: { trips } }: { readonly shown: ShownTrainView }) {
  const { t } = useTranslation();
  if (trips.length === 0) return null;
  return (
    <section className="trips" aria-label={t('train.trips')}>
      <h2>{t('train.trips')}</h2>
      {trips.map((trip) => (
        <TripCard key={trip.id} trip={trip} />
      ))}
    </section>
  );
}

function TripCard({ trip }: { readonly trip: Trip }) {
  const { t } = useTranslation();
  const { kind, environment, state, reason, requestedBy, requestedAt, members, direction } = trip;
  const waves = [...Map.groupBy(members, ({ wave }) => wave)].toSorted(([a], [b]) => a - b);
  return (
    <Card isCompact>
      <CardTitle component="h3">
        {t(`trip.to.${kind}`, { environment })} <StateLabel state={state} />{' '}
        {direction === 'undo' && state === 'running' ? <span className="quiet">{t('trip.puttingBack')}</span> : null}
      </CardTitle>
      <CardBody className="plan">
        <p className="quiet">
          {t('deployment.askedBy', { who: requestedBy })} <Ago at={requestedAt} />
        </p>
        <p>
          <Said>{reason}</Said>
        </p>
        <ol className="waves">
          {waves.map(([wave, moved]) => (
            <li key={wave}>
              <h4>{t('train.waveNumber', { number: wave })}</h4>
              <ul>
                {moved.map((member) => (
                  <TripMember key={member.component} member={member} />
                ))}
              </ul>
            </li>
          ))}
        </ol>
      </CardBody>
    </Card>
  );
}

function TripMember({ member: { component, state, deploymentId, reason } }: { readonly member: Trip['members'][number] }) {
  const { t } = useTranslation();
  return (
    <li>
      {deploymentId === null ? (
        <span translate="no">{component}</span>
      ) : (
        <Link to="/deployments/$id" params={{ id: deploymentId }} translate="no">
          {component}
        </Link>
      )}{' '}
      <span className={`trip-${state}`}>{t(`tripMember.${state}`)}</span>
      {reason === null ? null : ' '}
      <Said className="quiet">{reason}</Said>
    </li>
  );
}
