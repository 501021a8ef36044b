/** Where somebody writes why; it is kept with what they did. */
import { FormGroup, TextArea } from '@patternfly/react-core';

type Props = { readonly id: string; readonly label: string; readonly value: string; readonly change: (value: string) => void };

export function ReasonField({ id, label, value, change }: Props) {
  return (
    <FormGroup label={label} fieldId={id}>
      <TextArea id={id} value={value} maxLength={500} rows={2} resizeOrientation="vertical" onChange={(_, text) => change(text)} />
    </FormGroup>
  );
}
