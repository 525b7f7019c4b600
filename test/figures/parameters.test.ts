import { describe, expect, it } from 'vitest';
import { parameterNames, valuesFor } from '../../figures/parameters.js';
import { chosenFigures, figureIds, figureProgram } from '../../figures/programs.js';
import { runCli } from '../../src/cli/run-cli.js';
import { captured } from '../cli/captured.js';

const taken = { defaults: { classes: 10, dim: 50 }, bounds: { classes: [3, 30] } } as const;

describe('valuesFor', () => {
  it('gives the defaults where nothing is asked for, and lets d grow with k', () => {
    expect(valuesFor('toy', taken, {})).toEqual({ classes: 10, dim: 50 });
    expect(valuesFor('toy', { defaults: { classes: 4, dim: 5 } }, { classes: 8 })).toEqual({ classes: 8, dim: 8 });
  });

  it.each([
    [{ noise: 0.3 }, "'toy' takes no --noise; it takes --classes, --dim"],
    [{ classes: 40 }, 'an integer from 3 to 30 as --classes, received 40'],
    [{ classes: 3.5 }, 'received 3.5'],
    [{ classes: 10, dim: 5 }, '--dim must be at least --classes'],
  ])('refuses %j', (given, message) => {
    expect(() => valuesFor('toy', taken, given)).toThrow(message);
  });
});

describe('chosenFigures', () => {
  it('refuses a parameter that one of the figures does not take, and a seed that none depends on', () => {
    expect(() => chosenFigures(['phase-diagram', 'collapse'], { classes: 5 })).toThrow("'collapse' takes no --classes");
    expect(() => chosenFigures(['phase-diagram'], { seed: 2 })).toThrow('leave out --seed');
    expect(chosenFigures(['phase-diagram', 'collapse'], { seed: 2 })).toHaveLength(2);
  });

  it('knows a name only if it is a figure of its own', () => {
    expect(() => chosenFigures(['constructor'], {})).toThrow("no figure 'constructor'");
  });
});

describe('every figure', () => {
  it.each(figureIds)('%s can be drawn with its defaults', (id) => {
    const program = figureProgram(id);
    expect(valuesFor(id, program, program.defaults)).toEqual(program.defaults);
  });

  it('is named in the help of each parameter it takes', async () => {
    const { stdout } = await captured(() => runCli(['figures', '--help']));
    for (const id of figureIds) {
      const [line] = stdout.split('\n').filter((one) => one.startsWith(`  ${id} `));
      for (const name of parameterNames)
        expect(line!.includes(`--${name} `), `${id} ${name}`).toBe(figureProgram(id).defaults[name] !== undefined);
    }
  });
});

describe('figures on the command line', () => {
  it.each([
    [['--only', 'spectrum', '--noise', '0.3'], 'takes no --noise'],
    [['--run', '.', '--seed', '2', '--classes', '3'], '--run draws what was recorded, and takes no --seed, --classes'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await captured(() => runCli(['figures', ...args]));
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
