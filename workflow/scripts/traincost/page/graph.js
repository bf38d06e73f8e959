"use strict";
// The numbers of the page, and what they become when some are changed. A number is `printed`
// (as the pipeline computed it), `new` (computed here), or `open`: it follows from a change
// by a rule that only the pipeline can follow.

const DATA = JSON.parse(document.getElementById("data").textContent);
const WAY = { formula: "f", same: "s", count: "c", table: "t" };

const NUMBERS = DATA.numbers.map(
  ([way, printed = [], inputs = [], names, seen = [], formula]) => ({
    ...(Array.isArray(printed) ? readInterval(...printed) : { value: undefined }),
    hasBounds: Array.isArray(printed) ? printed.length > 1 : Boolean(printed),
    way,
    inputs,
    names: DATA.names[names] ?? [],
    // what a table counts looks at all that the table shows
    seen: typeof seen === "string" ? DATA.shown[seen] : seen,
    tree: formula === undefined ? null : parse(DATA.formulas[formula]),
    follows: false,
  }),
);

/** For each number, those made directly of it. */
const USERS = NUMBERS.map(() => []);
NUMBERS.forEach((number, place) => {
  for (const input of new Set(number.inputs)) USERS[input].push(place);
});

function readInterval(value = null, low = null, high = null) {
  // JSON has no infinity: it stands as text
  const read = (bound) => (bound === null ? null : Number(bound));
  return { value: read(value), low: read(low), high: read(high) };
}

/** Differ by no more than the computer's rounding. */
function isClose(one, other, share) {
  if (one === other) return true;
  if (one === null || other === null) return false;
  return Math.abs(one - other) <= share * Math.max(Math.abs(one), Math.abs(other));
}

function isSame(one, other, share) {
  return ["value", "low", "high"].every((part) => isClose(one[part], other[part], share));
}

/** A number's value and bounds by its formula, from its inputs as they are given. */
function byFormula(number, inputs) {
  const read = (name) => inputs.filter((_, place) => number.names[place] === name);
  const value = central(number.tree, read);
  if (!number.hasBounds) return { value, low: null, high: null };
  const [low, high] = value === null ? [null, null] : bounds(number.tree, read);
  return { value, low, high };
}

/** What a number is, given its inputs. */
function follow(number, inputs) {
  if (number.way !== WAY.same) return byFormula(number, inputs);
  const { value, low, high } = inputs[0];
  return number.hasBounds ? { value, low: low ?? value, high: high ?? value } : { value, low, high };
}

/** What the list of all numbers shows for a number that follows from others, to 12 digits. */
function listedOf(place) {
  const { cells } = document.getElementById(`n${place}`);
  const plainText = (cell) => cell.textContent.replaceAll(",", "").replaceAll("−", "-");
  const read = (text) => Number(text.replace("∞", "Infinity"));
  const value = read(plainText(cells[1].firstElementChild));
  if (!NUMBERS[place].hasBounds) return { value, low: null, high: null };
  // bounds that are the value are not listed
  const [low, high] = [cells[2], cells[3]].map(plainText).map((text) => (text ? read(text) : value));
  return { value, low, high };
}

/** Compute a number that follows from others. Where that is not what is listed, it is left alone. */
function settle(place) {
  const number = NUMBERS[place];
  if (number.value !== undefined) return number;
  const listed = listedOf(place);
  try {
    const found = follow(number, number.inputs.map(settle));
    number.follows = isSame(found, listed, 1e-9);
    Object.assign(number, number.follows ? found : listed);
  } catch (error) {
    Object.assign(number, listed);
    console.warn(error.message);
  }
  return number;
}

NUMBERS.forEach((_, place) => settle(place));

/** All numbers when those in `changes` (place to value, low, high) are changed. */
function recomputed(changes) {
  const done = new Array(NUMBERS.length);
  const visit = (place) => (done[place] ??= settled(place, changes, visit));
  return NUMBERS.map((_, place) => visit(place));
}

function settled(place, changes, visit) {
  const number = NUMBERS[place];
  const printed = { value: number.value, low: number.low, high: number.high, state: "printed" };
  const finish = (found) =>
    isSame(found, number, 1e-12) ? printed : { ...found, state: "new" };
  if (changes.has(place)) return finish(changes.get(place));
  const inputs = number.inputs.map(visit);
  const isUnmoved = (one) => one.state === "printed";
  const saw = number.seen.map(visit).every(isUnmoved);
  if ((inputs.every(isUnmoved) && saw) || number.way === WAY.count) return printed;
  const open = { ...printed, state: "open" };
  if (!saw || !number.follows || inputs.some((one) => one.state === "open")) return open;
  const found = follow(number, inputs);
  return Number.isFinite(found.value) ? finish(found) : open;
}

/** Places of all that a number was made of, itself included, nearest first. */
function closure(place) {
  const reached = new Set([place]);
  for (const each of reached) NUMBERS[each].inputs.forEach((input) => reached.add(input));
  return [...reached];
}
