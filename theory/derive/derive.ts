import { NumericalError, UsageError } from '../../src/errors.js';
import { isIdenticallyZero } from '../exact/identity.js';
import { hasCharacteristicPolynomial } from './characteristic.js';
import type { Content } from './content.js';
import { covarianceAnywhere, covarianceOnLine } from './covariance.js';
import {
  derivationPlaces,
  derivedQuantities,
  type Derivation,
  type DerivationRequest,
  type DerivedQuantity,
} from './derivation.js';
import { latexDocument, mathjsDocument, printPart, pythonDocument, symbolsOf } from './document.js';
import { flowAnywhere, flowOnLine } from './flow.js';
import { gradientAnywhere, gradientOnLine } from './gradient.js';
import { hessianAnywhere, hessianOnLine } from './hessian.js';
import { spectrumAnywhere, spectrumOnLine } from './spectrum.js';

/** The largest number of classes whose matrices are written out. */
export const mostDerivedClasses = 8;

interface Places {
  readonly line: (k: number | 'k') => Content;
  readonly any: (k: number) => Content;
}

const contents: Readonly<Record<DerivedQuantity, Places>> = {
  gradient: { line: gradientOnLine, any: gradientAnywhere },
  hessian: { line: hessianOnLine, any: hessianAnywhere },
  spectrum: { line: spectrumOnLine, any: spectrumAnywhere },
  flow: { line: flowOnLine, any: flowAnywhere },
  covariance: { line: covarianceOnLine, any: covarianceAnywhere },
};

const model = [
  'softmax regression L = (1/k) Σ_a −log softmax(Wμ_a)_a on one input for each class: no noise in the data, no biases',
  'orthonormal means μ_a; classes are numbered from 1',
];

/**
 * Symbolic expressions of the noiseless model, derived from the definition of its loss: G, H, its spectrum, the flow and the covariance C of one sample's gradient, as
 * LaTeX, for mathjs and as a Python module. Derivatives are taken by mathjs; each printed form is proved equal to them in exact fractions, for all k at once, and for
 * a given k the spectrum on the line also by its characteristic polynomial in exact polynomials of e^α.
 *
 * Throws UsageError for a quantity, place or number of classes that there is not, and NumericalError where a step does not hold. Cost: below a second.
 */
export function derive(request: DerivationRequest): Derivation {
  const { classes, of, at = 'line' } = request;
  checkRequest(request);
  const content = classes === 'k' || at === 'line' ? contents[of].line(classes) : contents[of].any(classes);
  const { steps } = content;
  for (const { statement, identity, variables, degree } of steps)
    if (!isIdenticallyZero(identity, variables, degree))
      throw new NumericalError(`this step does not hold: ${statement}; please report it`);
  if (of === 'spectrum' && at === 'line' && classes !== 'k' && !hasCharacteristicPolynomial(classes))
    throw new NumericalError(
      `det(y − H) for ${classes} classes does not have the levels as its roots; please report it`,
    );
  const symbols = symbolsOf(content, classes);
  const parts = content.parts.map((part) => printPart(part, classes, symbols));
  const assumptions = [
    ...model,
    ...(at === 'line' ? ['W = αB, B = Σ_a (e_a − 1/k) μ_aᵀ'] : []),
    ...(content.assumptions ?? []),
  ];
  const texts = {
    title: `${classes} classes: ${content.summary}`,
    assumptions,
    parts,
    classes,
  };
  return {
    of,
    at,
    classes,
    summary: content.summary,
    assumptions,
    references: ['GRD18 §4, generalised to k classes', ...(content.references ?? [])],
    symbols,
    steps: steps.map(({ statement, identity, variables }) => ({ statement, identity, variables })),
    parts,
    documents: {
      latex: latexDocument(texts),
      mathjs: mathjsDocument(texts),
      python: pythonDocument(texts),
    },
  };
}

function checkRequest({ classes, of, at = 'line' }: DerivationRequest): void {
  if (!derivedQuantities.includes(of)) {
    throw new UsageError(`there is no '${of}' to derive; legal are ${derivedQuantities.join(', ')}`);
  }
  if (!derivationPlaces.includes(at)) {
    throw new UsageError(`nothing is derived at '${at}'; legal are ${derivationPlaces.join(' and ')}`);
  }
  if (classes === 'k') {
    if (at === 'line') return;
    throw new UsageError(
      `at any weights each logit has a symbol: give a number of classes from 2 to ${mostDerivedClasses}, or derive on the line`,
    );
  }
  if (!(Number.isInteger(classes) && classes >= 2 && classes <= mostDerivedClasses)) {
    throw new UsageError(
      `expressions are written out for 2 to ${mostDerivedClasses} classes, received ${String(classes)}; 'k' gives them for any number, on the line`,
    );
  }
}
