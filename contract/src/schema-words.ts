/** The words that schemas are written in: what several files of the contract say in the same way. */
import { type TEnum, type TProperties, type TSchema, type TSchemaOptions, Type } from 'typebox';

/** RFC 3339. */
export const Time = Type.String({ format: 'date-time' });

export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** No properties but those named. */
export const strict = { additionalProperties: false } as const;

/** An object with these properties and no others. */
export const strictly = <const T extends TProperties>(properties: T) => Type.Object(properties, strict);

export const oneOf = <const T extends readonly string[]>(words: T, options: TSchemaOptions = {}): TEnum<[...T]> =>
  Type.Enum<[...T]>(words as unknown as [...T], options);
