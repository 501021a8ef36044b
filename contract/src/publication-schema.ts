/** Publications: what installations changed, written by nobody, in French and English. */
import { type Static, Type } from 'typebox';

const languages = ['fr', 'en'] as const;
export const LanguageName = Type.Enum<[...typeof languages]>([...languages]);
const Text = Type.String();

export const PublicationSchema = Type.Object(
  {
    change: Type.String({ description: 'Opens everything that is known of the installation.' }),
    component: Text,
    system: Text,
    environment: Text,
    version: Text,
    formerVersion: Type.Union([Type.String({ description: 'What ran there before.' }), Type.Null()]),
    installedAt: Type.String({ format: 'date-time' }),
    title: Text,
    markdown: Text,
    html: Type.String({ description: 'A fragment; what people wrote is escaped in it.' }),
  },
  { additionalProperties: false },
);
export type PublicationView = Static<typeof PublicationSchema>;

/** Several installations on one page: of a system, of a train. */
export const PublicationPageSchema = Type.Object(
  {
    of: Type.String({ description: 'The system or the train.' }),
    title: Text,
    markdown: Text,
    html: Type.String({ description: 'A fragment; what people wrote is escaped in it.' }),
    items: Type.Array(PublicationSchema, { description: 'The newest first.' }),
  },
  { additionalProperties: false },
);
export type PublicationPageView = Static<typeof PublicationPageSchema>;
