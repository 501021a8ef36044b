/** Slack, or Mattermost, through an incoming webhook: `text` for both, in an attachment whose colour tells how it went. */
import { expectSuccess, type Post } from '../../../domain/deliveries/delivery.ts';
import type { Notice } from '../../../domain/notices/notice.ts';
import type { Channel } from '../notify.ts';

const colours = { running: '#2b6cb0', good: '#2f855a', bad: '#c53030' } as const;

export function createSlack({ url, post }: { readonly url: string; readonly post: Post }): Channel {
  return {
    async send(notice) {
      const body = JSON.stringify(messageOf(notice));
      expectSuccess('Slack', await post({ method: 'POST', url, body, headers: { 'content-type': 'application/json' } }));
    },
  };
}

function messageOf({ title, tone, facts, sections }: Notice): object {
  const text = sections.flatMap(({ title: heading, lines }) => [
    ...(heading === '' ? [] : [`*${escaped(heading)}*`]),
    ...lines.map((line) => `• ${escaped(line)}`),
  ]);
  const fields = facts.map(({ name, value }) => ({ title: escaped(name), value: escaped(value), short: true }));
  return {
    text: escaped(title),
    attachments: [{ color: colours[tone], fallback: escaped(title), fields, text: text.join('\n'), mrkdwn_in: ['text'] }],
  };
}

/** The three signs that Slack's format gives a meaning to: without them no text of others calls a channel or makes a link. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('@', '@\u200B');
}
