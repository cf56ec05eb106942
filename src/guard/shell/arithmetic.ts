import type { ArithmeticExpression, ParsedScript, WordPart } from 'unbash';
import { SAFE } from '../marks.ts';
import type { Frame } from './frame.ts';

export interface ArithmeticWalk {
  substitute(script: ParsedScript | undefined): void;
  expand(parts: readonly WordPart[]): void;
  /** A bare word: a number, or a variable's name, with its subscript. */
  name(word: string): void;
}

/** Runs the substitutions in an arithmetic expression and notes the variables it sets: to numbers, which are harmless. */
export function walkArithmetic(expression: ArithmeticExpression, frame: Frame, walk: ArithmeticWalk): void {
  switch (expression.type) {
    case 'ArithmeticBinary':
      walkArithmetic(expression.left, frame, walk);
      walkArithmetic(expression.right, frame, walk);
      if (/^(?:[-+*/%&^|]|<<|>>)?=$/.test(expression.operator)) assign(expression.left, frame);
      return;
    case 'ArithmeticUnary':
      walkArithmetic(expression.operand, frame, walk);
      if (expression.operator === '++' || expression.operator === '--') assign(expression.operand, frame);
      return;
    case 'ArithmeticTernary':
      walkArithmetic(expression.test, frame, walk);
      walkArithmetic(expression.consequent, frame, walk);
      walkArithmetic(expression.alternate, frame, walk);
      return;
    case 'ArithmeticGroup':
      walkArithmetic(expression.expression, frame, walk);
      return;
    case 'ArithmeticCommandExpansion':
      walk.substitute(expression.script);
      return;
    case 'ArithmeticWord':
      if (expression.parts !== undefined) walk.expand(expression.parts);
      else walk.name(expression.value);
      return;
  }
}

function assign(target: ArithmeticExpression, frame: Frame): void {
  if (target.type === 'ArithmeticWord' && /^[A-Za-z_]\w*$/.test(target.value)) frame.vars.set(target.value, SAFE);
}
