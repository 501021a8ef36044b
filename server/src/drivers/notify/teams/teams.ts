/** Microsoft Teams through a Workflows webhook ("when a Teams webhook request is received"): an Adaptive Card 1.5 in a message. */
import { expectSuccess, type Post } from '../../../domain/deliveries/delivery.ts';
import type { Notice } from '../../../domain/notices/notice.ts';
import type { Channel } from '../notify.ts';

export function createTeams({ url, post }: { readonly url: string; readonly post: Post }): Channel {
  return {
    async send(notice) {
      const content = cardOf(notice);
      const body = JSON.stringify({
        type: 'message',
        attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
      });
      expectSuccess('Teams', await post({ method: 'POST', url, body, headers: { 'content-type': 'application/json' } }));
    },
  };
}

const styles = { running: 'accent', good: 'good', bad: 'attention' } as const;

function cardOf({ title, tone, facts, sections }: Notice): object {
  const blocks = sections.flatMap(({ title: heading, lines }) => [
    ...(heading === '' ? [] : [textBlock(heading, { weight: 'Bolder', spacing: 'Medium' })]),
    textBlock(lines.map((line) => `- ${line}`).join('\n')),
  ]);
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    msteams: { width: 'Full' },
    body: [
      { type: 'Container', style: styles[tone], bleed: true, items: [textBlock(title, { weight: 'Bolder', size: 'Medium' })] },
      { type: 'FactSet', facts: facts.map(({ name, value }) => ({ title: escaped(name), value: escaped(value) })) },
      ...blocks,
    ],
  };
}

function textBlock(text: string, more: object = {}): object {
  return { type: 'TextBlock', text: escaped(text), wrap: true, ...more };
}

/** A TextBlock reads Markdown: a text of others makes no link and no emphasis. */
function escaped(text: string): string {
  return text.replace(/[\\*_[\]()`<>]/g, (sign) => `\\${sign}`);
}
