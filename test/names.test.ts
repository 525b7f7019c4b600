import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const declaration =
  /^export (?:async )?(?:const|function\*?|class|interface|enum|type(?! \{)) (?:[{[]([^}\]]*)[}\]]|(\w+))/gm;

/** The names a file declares and exports; what it passes on from others is not declared there. */
const declared = (text: string): string[] =>
  [...text.matchAll(declaration)].flatMap(([, several, one]) =>
    one === undefined ? several!.split(',').map((name) => name.split(':').at(-1)!.trim()) : [one],
  );

it('a name that is exported has one meaning: no two files declare it', () => {
  const files = new Map<string, string[]>();
  for (const root of ['src', 'theory', 'figures', 'web'])
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((one) => one.endsWith('.ts')))
      for (const exported of new Set(declared(readFileSync(join(root, name), 'utf8'))))
        files.set(exported, [...(files.get(exported) ?? []), join(root, name)]);
  expect(files.size).toBeGreaterThan(500);
  const twice = [...files].filter(([, where]) => where.length > 1);
  expect(twice).toEqual([]);
});

it('reads the declarations it judges', () => {
  const text = 'export const a = 1;\nexport type B = 1;\nexport type { C } from "c";\nexport { d };\nconst e = 2;\n';
  expect(declared(`${text}export const { f, g: h } = x;\nexport function* i() {}\n`)).toEqual([
    'a',
    'B',
    'f',
    'h',
    'i',
  ]);
});
