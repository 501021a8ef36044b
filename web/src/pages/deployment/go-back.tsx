/** The way back from what this deployment installed, as long as that is what runs there. */

import type { DeploymentView } from '@beluga/contract/api-schema';
import { Button } from '@patternfly/react-core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { client } from '../../api.ts';
import { RollbackDialog } from '../component/rollback-dialog.tsx';
import { Obstacle } from '../component/stage-actions.tsx';

export function GoBack({ deployment: { id, component, environment } }: { readonly deployment: DeploymentView }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const { data } = useQuery({
    queryKey: ['component', component],
    queryFn: ({ signal }) => client.showComponent({ component }, { signal }),
  });
  const stage = data?.stages.find((one) => one.environment === environment);
  if (stage?.current?.deployment !== id) return null;
  if (!stage.can.rollBack.allowed || stage.former === null) {
    return (
      <p className="quiet">
        {t('stage.noBack')} <Obstacle permission={stage.can.rollBack} />
      </p>
    );
  }
  return (
    <>
      <Button variant="secondary" onClick={() => setAsked(true)}>
        {t('stage.back', { version: stage.former })}
      </Button>
      {asked ? <RollbackDialog component={component} stage={stage} close={() => setAsked(false)} /> : null}
    </>
  );
}
