/** Whose the requests are, as the router shares them out. */
import { Type } from 'typebox';
import { Nullable, strictly } from './schema-words.ts';

export const TrafficShareSchema = Nullable(
  strictly({
    percent: Type.Integer({ description: 'Of the new requests, for all instances of its version.' }),
  }),
);
export const InstanceTraffic = Type.Number({ description: 'Of the new requests of the place, in percent.' });
