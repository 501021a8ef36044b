/** What can be done with a stage; where something cannot, the server's reason stands in its place. */

import type { PermissionView, StageView } from '@beluga/contract/console-schema';
import { Button } from '@patternfly/react-core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { Said } from '../../parts/said.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import type { Wish } from './stages.tsx';

export function StageActions({ stage, want }: { readonly stage: StageView; readonly want: (wish: Wish) => void }) {
  const { t } = useTranslation();
  const { can, next, environment, moving } = stage;
  const version = { version: next ?? '', environment };
  return (
    <div className="stage-actions">
      {moving === null ? null : <Moving moving={moving} />}
      {can.deploy.allowed && next !== null ? (
        <Button isBlock onClick={() => want({ kind: 'deploy', stage })}>
          {t('stage.take', version)}
        </Button>
      ) : (
        <p className="quiet">
          <Obstacle permission={can.deploy} />
        </p>
      )}
      {stage.current === null ? null : <BackAction stage={stage} ask={() => want({ kind: 'rollback', stage })} isBlock />}
    </div>
  );
}

type BackProps = { readonly stage: StageView; readonly ask: () => void; readonly isBlock?: boolean };

/** The way back from what is installed, or why there is none. */
export function BackAction({ stage: { can, former }, ask, isBlock = false }: BackProps) {
  const { t } = useTranslation();
  if (can.rollBack.allowed && former !== null) {
    return (
      <Button isBlock={isBlock} variant="secondary" onClick={ask}>
        {t('stage.back', { version: former })}
      </Button>
    );
  }
  return (
    <p className="quiet">
      {t('stage.noBack')} <Obstacle permission={can.rollBack} />
    </p>
  );
}

function Moving({ moving }: { readonly moving: NonNullable<StageView['moving']> }) {
  const { t } = useTranslation();
  const { fail, say } = useToasts();
  const { deployment, version, state } = moving;
  const cancel = (): void => {
    client.cancelDeployment({ id: deployment }).then(() => say({ kind: 'success', title: t('deployment.cancelAsked') }), fail);
  };
  return (
    <div className="stage-moving">
      <Link to="/deployments/$id" params={{ id: deployment }}>
        {t(state === 'waiting' ? 'stage.waiting' : 'stage.moving', { version })}
      </Link>
      <Button variant="link" isInline onClick={cancel}>
        {t('act.cancelDeployment')}
      </Button>
    </div>
  );
}

function Obstacle({ permission: { code, place, reason } }: { readonly permission: PermissionView }) {
  const { t } = useTranslation();
  if (code === 'not-proven') return <Said>{reason}</Said>;
  return code === null ? null : <>{t(`obstacle.${code}`, { place: place ?? '' })}</>;
}
