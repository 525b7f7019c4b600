import fc from 'fast-check';

/** What no terminal may see. */
export const unshown = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u;

/** Text of all characters, with those that terminals obey among them more often, and halves of pairs. */
export const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...['\n', '\r\n', '\nerror: ', '\u001b[31m', '\u001b]0;title\u0007', '\u009b2J', '\u007f', '\u202e', '\u2066'],
        ...['\u2028', '\ud800', '\udc00', '\u0000', '😀', 'σ', 'a', '\\n', '__proto__', '=', ',', ':', "'"],
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));
