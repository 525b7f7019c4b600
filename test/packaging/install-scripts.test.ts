import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

it('no npm runs the install script of onnxruntime-node in a checkout, which downloads what is not used here', () => {
  const { allowScripts } = json('package.json') as { readonly allowScripts: Readonly<Record<string, boolean>> };
  const { packages } = json('package-lock.json') as {
    readonly packages: Readonly<Record<string, { readonly version?: string; readonly hasInstallScript?: boolean }>>;
  };
  expect(allowScripts['onnxruntime-node']).toBe(false);
  expect(packages['node_modules/onnxruntime-node']).toHaveProperty('version');
  expect(packages['node_modules/onnxruntime-node']).not.toHaveProperty('hasInstallScript');
});
