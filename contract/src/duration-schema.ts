/** Durations as people write them. */
import { Type } from 'typebox';

/** A text such as `30s`; `value` is its default. */
export function duration(description: string, value?: string) {
  return Type.String({
    pattern: '^[0-9]{1,6}(ms|s|m|h)$',
    patternErrorMessage: 'write a whole number with its unit, such as 500ms, 30s, 5m or 1h',
    description,
    ...(value === undefined ? {} : { default: value }),
  });
}
