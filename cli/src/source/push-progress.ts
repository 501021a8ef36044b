/** A push as it goes on, for people: a bar over all that is being sent at once, else what was done last. */
import type { Progress } from '@beluga/oci/push';
import { sizeOf } from '../output/text.ts';

const cells = 20;

/** What to give a push as its `progress`, telling `note`. */
export function pushProgress(note: (words: string) => void): (event: Progress) => void {
  const sending = new Map<string, { readonly sentBytes: number; readonly sizeBytes: number }>();
  return (event) => {
    if (event.kind === 'sending') sending.set(event.digest, event);
    note(event.kind === 'sending' ? barOf([...sending.values()]) : wordsOf(event));
  };
}

function barOf(parts: readonly { readonly sentBytes: number; readonly sizeBytes: number }[]): string {
  const sent = parts.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  const size = parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const full = size === 0 ? cells : Math.floor((cells * sent) / size);
  return `${'█'.repeat(full)}${'░'.repeat(cells - full)} ${sizeOf(sent)} of ${sizeOf(size)}`;
}

function wordsOf(event: Exclude<Progress, { readonly kind: 'sending' }>): string {
  switch (event.kind) {
    case 'layer-built':
      return `${event.storey} layer ${event.reused ? 'as before' : 'made'}, ${sizeOf(event.sizeBytes)}`;
    case 'blob-done':
      return `${sizeOf(event.sizeBytes)} ${event.how}`;
    case 'image-done':
      return 'pushed';
  }
}
