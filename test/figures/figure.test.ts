import { describe, expect, it } from 'vitest';
import { csvOf } from '../../figures/figure.js';
import { heatMap } from '../../figures/heat-map.js';
import { toyFigure } from './toy-figure.js';

describe('csvOf', () => {
  it('lists every drawn point of every labelled series, fields with quotes or commas quoted', () => {
    expect(csvOf(toyFigure())).toBe(
      'series,x,y\r\n"cube, ""exact""",1,1\r\n"cube, ""exact""",10,1000\r\n"cube, ""exact""",100,1000000\r\n',
    );
  });

  it('gives the value of a cell and leaves a key out', () => {
    const toy = toyFigure();
    const cells = [{ x: 1, y: 2, v: 0.1 + 0.2 }];
    const datasets = [heatMap('overlap', cells, [1, 1]), heatMap(undefined, cells, [1, 1])];
    const figure = { ...toy, columns: ['series', 'x', 'y', 'value'], chart: { ...toy.chart, data: { datasets } } };
    expect(csvOf(figure)).toBe('series,x,y,value\r\noverlap,1,2,0.30000000000000004\r\n');
  });
});
