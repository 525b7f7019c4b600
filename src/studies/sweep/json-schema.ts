import { z } from 'zod';
import type { SweptCommand } from './command.js';
import { sweptCommands } from './commands/index.js';
import { sweepSchema } from './description.js';

/** For editors: JSON Schema of a description. The base may hold any part of the configuration of its command, and settings by the names of their options. */
export function sweepJsonSchema(commands: readonly SweptCommand[] = sweptCommands): object {
  const schema = z.toJSONSchema(sweepSchema, { io: 'input' });
  const properties = {
    ...schema.properties,
    command: { enum: commands.map(({ name }) => name), default: 'train', description: 'what each run does' },
  };
  const allOf = commands.map(({ name, settings, baseSchema }) => ({
    if: {
      properties: { command: { const: name } },
      ...(name === 'train' ? {} : { required: ['command'] }), // the one that is meant where none is named
    },
    then: { properties: { base: withOptions(baseSchema(), [...settings.keys()]) } },
  }));
  return { ...schema, properties, allOf };
}

/** The schema of a configuration, in which settings may also be called by their options. */
function withOptions(schema: object, names: readonly string[]): object {
  const { properties = {}, ...rest } = schema as { readonly properties?: Readonly<Record<string, object>> };
  const options = names
    .filter((name) => !name.includes('.') && !(name in properties))
    .map((name): [string, object] => [name, {}]);
  const known = Object.entries(properties).map(([name, part]): [string, object] => [
    name,
    isAlsoOption(part, name, names)
      ? { anyOf: [part, { type: ['string', 'number', 'boolean', 'null', 'array'] }] }
      : part,
  ]);
  return { ...rest, properties: Object.fromEntries([...known, ...options]) };
}

/** `data`, `follow`, `window`: a part of the configuration, and an option that sets one entry of it. */
const isAlsoOption = (part: object, name: string, names: readonly string[]): boolean =>
  !('enum' in part) && names.includes(name);
