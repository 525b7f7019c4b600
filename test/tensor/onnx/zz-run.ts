import { casesOf, load, importWith, interpreted, lowered, discrepancy, type Imported } from '/work/wt/import/test/tensor/onnx/conformance.ts';
import { nativeRuntime } from '/work/wt/import/src/tensor/engine/index.ts';
import { isFloat } from '/work/wt/import/src/tensor/onnx/element-type.ts';
const runtime = await nativeRuntime();
const ways: ((a: any, i: number) => boolean)[] = [() => false, (a) => !isFloat(a.type), (a, i) => i > 0, () => true];
const stats: any = {};
const reasons = new Map<string, string[]>();
const only = process.argv[2];
for (const kind of ['node', 'pytorch-converted', 'pytorch-operator', 'simple']) {
  const s = { all: 0, supported: 0, passed: 0, ort: 0 };
  const t0 = Date.now(); let tOrt = 0;
  for (const c of casesOf(kind)) {
    if (only && !c.name.includes(only)) continue;
    s.all++;
    let loaded, imported: Imported | undefined, why = '';
    try { loaded = load(c);} catch (e: any) { if (e.exitCode !== 3) console.log('LOAD', c.name, e.stack); why = e.message; }
    if (loaded && !why) for (const way of ways) {
      try { imported = importWith(loaded.graph, loaded.sets[0].inputs, way); break; }
      catch (e: any) { if (e.exitCode !== 3) console.log('IMPORT', c.name, e.stack.split('\n').slice(0,6).join('\n')); if (!why) why = e.message; if (!/must be known|exponent/.test(e.message)) break; }
    }
    if (!imported) { const k = why.replace(/^.*?\): /, '').replace(/'[^']*'/g,"'…'").slice(0, 110); reasons.set(k, [...(reasons.get(k) ?? []), c.name]); continue; }
    s.supported++;
    try {
      const d = discrepancy(interpreted(imported), loaded!.sets[0].outputs);
      if (d <= 1) s.passed++; else console.log('WRONG', c.name, d);
    } catch (e: any) { console.log('INTERPRET', c.name, e.stack.split('\n').slice(0,5).join('\n')); }
    const t1 = Date.now();
    try {
      const d = discrepancy(await lowered(runtime, imported, 'f32'), loaded!.sets[0].outputs);
      if (d <= 1) s.ort++; else console.log('ORT WRONG', c.name, d);
    } catch (e: any) { console.log('ORT', c.name, e.message.split('\n')[0]); }
    tOrt += Date.now() - t1;
  }
  console.log(kind, s, Date.now() - t0, tOrt);
}
console.log([...reasons].sort((a, b) => b[1].length - a[1].length).map(([k, v]) => `${v.length} ${k} :: ${v.slice(0, 3).join(' ')}`).join('\n'));
