/** Who is told, as `platform.yaml` says: drivers put together, with the secrets that the server's environment holds for them. */
import type { Outlets } from './actions/context.ts';
import type { Post } from './domain/deliveries/delivery.ts';
import type { ChannelSettings, ItsmSettings, Platform } from './domain/platform.ts';
import { createPost } from './drivers/http/fetch/post.ts';
import type { Itsm } from './drivers/itsm/itsm.ts';
import { createServiceNow } from './drivers/itsm/servicenow/servicenow.ts';
import { createItsmWebhook } from './drivers/itsm/webhook/webhook.ts';
import { createEmail } from './drivers/notify/email/email.ts';
import type { Channel } from './drivers/notify/notify.ts';
import { createSlack } from './drivers/notify/slack/slack.ts';
import { createTeams } from './drivers/notify/teams/teams.ts';
import { createWebhook } from './drivers/notify/webhook/webhook.ts';
import { BelugaError } from './errors.ts';

type Variables = Readonly<Record<string, string | undefined>>;
type Reader = (ref: string | null) => string;
type World = { readonly post: Post; readonly now: () => Temporal.Instant };

/** Throws `secret-missing` for a variable that is not set. */
export function outletsOf(platform: Pick<Platform, 'itsm' | 'channels'>, variables: Variables, now: () => Temporal.Instant): Outlets {
  const world: World = { post: createPost(), now };
  return {
    itsm: platform.itsm === null ? null : itsmOf(platform.itsm, reader('itsm', variables), world),
    channels: platform.channels.map((settings) => {
      const { name, language, systems } = settings;
      return { name, language, systems, channel: channelOf(settings, reader(`channel ${name}`, variables), world) };
    }),
  };
}

function reader(where: string, variables: Variables): Reader {
  return (ref) => {
    const name = (ref ?? '').replace(/^env:/, '');
    const value = variables[name];
    if (value === undefined || value === '') throw new BelugaError('secret-missing', { where, ref: name });
    return value;
  };
}

function itsmOf(settings: ItsmSettings, secret: Reader, { post, now }: World): Itsm {
  if (settings.kind === 'webhook') return createItsmWebhook({ url: settings.url, secret: secret(settings.secret), post, now });
  const { url, user, standardTemplate, password } = settings;
  return createServiceNow({ url, user, password: secret(password), standardTemplate, post });
}

function channelOf(settings: ChannelSettings, secret: Reader, { post, now }: World): Channel {
  const url = secret(settings.url);
  switch (settings.kind) {
    case 'teams':
      return createTeams({ url, post });
    case 'slack':
      return createSlack({ url, post });
    case 'webhook':
      return createWebhook({ url, secret: secret(settings.secret), post, now });
    case 'email':
      return createEmail({ url, from: settings.from ?? '', to: settings.to });
  }
}
