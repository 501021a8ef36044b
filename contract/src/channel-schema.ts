/** Who is told what happens, as people write it in `platform.yaml`: the ITSM tool and the channels. Secrets are named, never written. */
import { type Static, Type } from 'typebox';
import { oneOf, strict } from './schema-words.ts';

const Secret = (description: string) =>
  Type.String({
    pattern: '^env:[A-Z][A-Z0-9_]{0,62}$',
    patternErrorMessage: 'name the environment variable of the server that holds it, such as env:TEAMS_URL; a secret is never written here',
    description,
  });
const Address = (description: string) =>
  Type.String({
    pattern: '^https?://[^\\s@]+$',
    patternErrorMessage: 'write an address without a password, such as https://company.service-now.com',
    description,
  });
const Mailbox = Type.String({ pattern: '^[^\\s@]+@[^\\s@]+$', patternErrorMessage: 'write an address such as equipe@example.fr' });
const Label = Type.String({
  pattern: '^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$',
  patternErrorMessage: 'use lower-case letters, digits and hyphens, at most 40, starting with a letter, such as contrats-teams',
});

export const ItsmSchema = Type.Object(
  {
    kind: oneOf(['servicenow', 'webhook'] as const, { description: 'What it is.' }),
    url: Address('Where it is.'),
    user: Type.Optional(Type.String({ minLength: 1, description: 'kind servicenow: who Beluga is there.' })),
    password: Type.Optional(Secret('kind servicenow: the variable with the password.')),
    standardTemplate: Type.Optional(
      Type.String({ minLength: 1, description: 'kind servicenow: the sys_id of the template that standard changes are made from.' }),
    ),
    secret: Type.Optional(Secret('kind webhook: the variable with the secret that requests are signed with.')),
  },
  { ...strict, description: 'The tool that keeps a copy of every change. Default: none, the record of Beluga is the record.' },
);

export const ChannelSchema = Type.Object(
  {
    name: Type.String({ ...Label, description: 'What it is called.' }),
    kind: oneOf(['teams', 'slack', 'email', 'webhook'] as const, { description: 'What it is. Mattermost is slack.' }),
    url: Secret('The variable with the address: of the webhook, or of the mail server as smtp://user:password@host:25.'),
    secret: Type.Optional(Secret('kind webhook: the variable with the secret that requests are signed with.')),
    from: Type.Optional(Type.String({ ...Mailbox, description: 'kind email: who sends.' })),
    to: Type.Optional(Type.Array(Mailbox, { minItems: 1, uniqueItems: true, description: 'kind email: who gets it.' })),
    language: Type.Optional(oneOf(['fr', 'en'] as const, { description: 'Default: fr.' })),
    systems: Type.Optional(
      Type.Array(Label, { minItems: 1, uniqueItems: true, description: 'Of which application systems. Default: all.' }),
    ),
  },
  strict,
);
export type WrittenItsm = Static<typeof ItsmSchema>;
export type WrittenChannel = Static<typeof ChannelSchema>;
