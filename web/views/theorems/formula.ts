import katex from 'katex';
import 'katex/dist/katex.min.css';
import { element } from '../../core/element.js';

/** The box of a formula, which is set when it comes near to what is seen. What is too wide scrolls within it. */
export function formulaBoxes(left: AbortSignal): (name: string, formula: string) => HTMLElement {
  const formulas = new WeakMap<Element, string>();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        katex.render(formulas.get(target)!, target as HTMLElement, {
          displayMode: true,
          output: 'htmlAndMathml',
          strict: 'error',
          throwOnError: true,
        });
      }
    },
    { rootMargin: '600px' },
  );
  left.addEventListener('abort', () => {
    observer.disconnect();
  });
  return (name, formula) => {
    const box = element('div', {
      className: 'formula',
      tabIndex: 0,
      role: 'group',
      'aria-label': `formula of ${name}`,
    });
    formulas.set(box, formula);
    observer.observe(box);
    return box;
  };
}
