"use strict";
// The formulas of formulas.py: + - * / ( ), numbers, names, and functions. One text
// gives the value and, by interval arithmetic, its bounds. `null` is a missing value.

/** A formula as a tree. Throws where the text leaves the grammar. */
function parse(text) {
  const tokens = text.match(/\d+(?:\.\d+)?(?:e\d+)?|[A-Za-z_]\w*|\S/g) ?? [];
  let at = 0;
  const take = () => tokens[at++];
  const expect = (token) => {
    if (take() !== token) throw new Error(`"${text}" lacks ${token}`);
  };
  const chain = (operators, next) => () => {
    let left = next();
    while (operators.includes(tokens[at])) left = { operator: take(), args: [left, next()] };
    return left;
  };
  const factor = () => {
    const token = take() ?? "";
    if (token === "(") {
      const inner = expression();
      expect(")");
      return inner;
    }
    if (/^\d/.test(token)) return { constant: Number(token) };
    if (!/^[A-Za-z_]/.test(token)) throw new Error(`"${text}" leaves the grammar at "${token}"`);
    if (tokens[at] !== "(") return { name: token };
    const args = [];
    do {
      take();
      args.push(expression());
    } while (tokens[at] === ",");
    expect(")");
    return { call: token, args };
  };
  const expression = chain("+-", chain("*/", factor));
  const tree = expression();
  if (at < tokens.length) throw new Error(`"${text}" leaves the grammar at "${tokens[at]}"`);
  return tree;
}

const OPERATIONS = {
  "+": (x, y) => x + y,
  "-": (x, y) => x - y,
  "*": (x, y) => x * y,
  "/": (x, y) => x / (y + 0), // no negative zero: bounds come to a zero from above it
  power: (x, y) => x ** y,
};
const isThere = (value) => value !== null && value !== undefined;
const apply = (operator, x, y) => (isThere(x) && isThere(y) ? OPERATIONS[operator](x, y) : null);

/** What a name stands for, where it stands for one number; null where for none. */
function single(node, read) {
  const found = read(node.name);
  if (found.length > 1) throw new Error(`${node.name} stands for several numbers`);
  return found[0] ?? null;
}

/** The numbers a sum adds up. */
function summands(node, read) {
  if (!node.args[0].name) throw new Error("a sum is over one name");
  return read(node.args[0].name);
}

/** Functions that rise with each argument: least value or bound, greatest, first, and sum. */
function rising(call, values) {
  const there = values.filter(isThere);
  const real = there.filter((value) => !Number.isNaN(value));
  switch (call) {
    case "coalesce":
      return there[0] ?? null;
    case "least":
      return real.length ? Math.min(...real) : null;
    case "greatest":
      return real.length ? Math.max(...real) : null;
    case "sum":
      return there.length < values.length ? null : there.reduce((x, y) => x + y, 0);
    case "ln":
      return there.length ? Math.log(there[0]) : null;
    default:
      throw new Error(`there is no function ${call}`);
  }
}

/** The value of a formula. `read(name)`: the numbers of a name, each with a value. */
function central(node, read) {
  if ("constant" in node) return node.constant;
  if ("name" in node) return single(node, read)?.value ?? null;
  if (node.call === "sum") return rising("sum", summands(node, read).map((one) => one.value));
  const values = node.args.map((argument) => central(argument, read));
  const operator = node.operator ?? node.call;
  return operator in OPERATIONS ? apply(operator, ...values) : rising(operator, values);
}

/** Low and high of a formula; a number without bounds is exact. */
function bounds(node, read) {
  const of = (one) => (one ? [one.low ?? one.value, one.high ?? one.value] : [null, null]);
  if ("constant" in node) return [node.constant, node.constant];
  if ("name" in node) return of(single(node, read));
  const both =
    node.call === "sum"
      ? summands(node, read).map(of)
      : node.args.map((argument) => bounds(argument, read));
  const operator = node.operator ?? node.call;
  if (!(operator in OPERATIONS)) {
    // nothing below zero has a logarithm: an interval that reaches there has no lower bound
    const kept = (end) => (operator === "ln" && isThere(end) ? Math.max(end, 0) : end);
    return [0, 1].map((side) => rising(operator, both.map((pair) => kept(pair[side]))));
  }
  const [[a, b], [c, d]] = both;
  switch (operator) {
    case "+":
      return [apply("+", a, c), apply("+", b, d)];
    case "-":
      return [apply("-", a, d), apply("-", b, c)];
    case "/":
      return corners("/", both, isThere(c) && isThere(d) && c < 0 && d >= 0);
    case "power": // rises or falls with each argument, as long as the base is not negative
      return corners("power", both, isThere(a) && a < 0);
    default:
      return corners(operator, both, false);
  }
}

/** The least and the greatest value at the corners; without a bound where it is open. */
function corners(operator, [left, right], isOpen) {
  if (isOpen) return [-Infinity, Infinity];
  const values = left
    .flatMap((x) => right.map((y) => apply(operator, x, y)))
    // 0 * infinity is not a number: such a corner has no bound to give
    .filter((value) => isThere(value) && !Number.isNaN(value));
  return values.length ? [Math.min(...values), Math.max(...values)] : [null, null];
}
