/** The references of `beluga.yaml`, `platform.yaml` and `socle.yaml`, written from their published JSON Schemas. */
import manifest from '../../contract/beluga.schema.json' with { type: 'json' };
import platform from '../../contract/platform.schema.json' with { type: 'json' };
import socle from '../../contract/socle.schema.json' with { type: 'json' };

type Schema = {
  readonly type?: string;
  readonly description?: string;
  readonly const?: string;
  readonly default?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
};

/** Markdown: a row for each key, in the order of the schema. */
export function manifestReference(): string {
  return tableOf(manifest as Schema);
}

/** The same for `platform.yaml`. */
export function platformReference(): string {
  return tableOf(platform as Schema);
}

/** The same for `socle.yaml`. */
export function socleReference(): string {
  return tableOf(socle as Schema);
}

function tableOf(schema: Schema): string {
  return ['| key | value | meaning |', '|---|---|---|', ...rowsOf(schema, '')].join('\n');
}

function rowsOf({ properties = {}, required = [] }: Schema, path: string): readonly string[] {
  return Object.entries(properties).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    const name = required.includes(key) && !path.includes('[]') ? `**\`${here}\`**` : `\`${here}\``;
    return [`| ${name} | ${kindOf(value)} | ${meaningOf(value)} |`, ...insideOf(value, here)];
  });
}

function meaningOf({ description = '', default: usual }: Schema): string {
  const words = usual === undefined || description.includes('Default:') ? description : `${description} Default: ${JSON.stringify(usual)}.`;
  return words.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function insideOf(value: Schema, path: string): readonly string[] {
  const [overlay] = Object.values(value.patternProperties ?? {});
  if (overlay?.properties !== undefined) return rowsOf(overlay, `${path}.NAME`);
  const item = value.items === undefined ? undefined : shapeOf(value.items);
  if (item !== undefined) return rowsOf(item, `${path}[]`);
  const shape = shapeOf(value);
  return shape === undefined ? [] : rowsOf(shape, path);
}

/** The keys that may stand there, if any may. */
function shapeOf(value: Schema): Schema | undefined {
  return value.properties === undefined ? value.anyOf?.find((one) => one.properties !== undefined) : value;
}

function kindOf(value: Schema): string {
  if (value.const !== undefined) return `\`${value.const}\``;
  if (value.enum !== undefined) return value.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (value.anyOf !== undefined) return [...new Set(value.anyOf.map(kindOf))].join(' or ');
  if (value.type === 'array') return `list${value.items === undefined ? '' : ` of ${kindOf(value.items)}`}`;
  return value.type === 'object' || value.type === undefined ? 'map' : value.type;
}
