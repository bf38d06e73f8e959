"use strict";
// The strings that display.py gives: rounded once, half up, in decimal.

/** Digits and power of ten of a number's shortest text: 2.675 is 2675 and -3. */
function decimal(value) {
  const [mantissa, exponent] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  return { digits: BigInt(digits), power: Number(exponent) - digits.length + 1 };
}

/** A whole number divided by a whole number, rounded half up. */
function rounded(above, below) {
  return (2n * above + below) / (2n * below);
}

/** `digits` tenths, hundredths ... as text with thousands separators. */
function spell(digits, decimals) {
  const text = digits.toString().padStart(decimals + 1, "0");
  const whole = text.slice(0, text.length - decimals);
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals ? `${grouped}.${text.slice(-decimals)}` : grouped;
}

function signed(value, text) {
  return value < 0 && /[1-9∞]/.test(text) ? `−${text}` : text;
}

function shownNumber(value, decimals = 0, per = 1) {
  if (value === null) return "[x]";
  if (!Number.isFinite(value)) return signed(value, "∞");
  const one = decimal(value), unit = decimal(per);
  const power = one.power - unit.power + decimals;
  const above = power > 0 ? one.digits * 10n ** BigInt(power) : one.digits;
  const below = power < 0 ? unit.digits * 10n ** BigInt(-power) : unit.digits;
  return signed(value, spell(rounded(above, below), decimals));
}

function shownMoney(value) {
  if (value === null) return "[x]";
  const size = Math.abs(value), sign = value < 0 ? "−" : "";
  if (size >= 999_995_000) return `${sign}$${shownNumber(size, 2, 1e9)} billion`;
  if (size >= 999_999.5) return `${sign}$${shownNumber(size, 2, 1e6)} million`;
  return `${sign}$${shownNumber(size)}`;
}

/** Up to 12 significant digits, for whoever checks. */
function plain(value) {
  if (value === null) return "none";
  if (!Number.isFinite(value)) return shownNumber(value);
  let { digits, power } = decimal(value);
  const extra = digits.toString().length - 12;
  if (extra > 0) {
    digits = rounded(digits, 10n ** BigInt(extra));
    power += extra;
  }
  // a power of ten, for what is very large or very small
  const exponent = digits.toString().length - 1 + power;
  if (digits && !(-13 < exponent && exponent < 15)) {
    const [first, ...rest] = digits.toString().replace(/0+$/, "");
    const text = `${first}${rest.length ? "." : ""}${rest.join("")}e${exponent}`;
    return signed(value, text.replace("-", "−"));
  }
  if (power > 0) return signed(value, spell(digits * 10n ** BigInt(power), 0));
  const text = spell(digits, -power);
  return signed(value, text.includes(".") ? text.replace(/\.?0+$/, "") : text);
}

/** A value in one of the page's formats: form, decimals, what one unit is worth. */
function shown(value, [form, decimals, per]) {
  if (form === "money") return shownMoney(value);
  if (form === "year") return shownNumber(value).replaceAll(",", "");
  if (form === "times") return `${shownNumber(value, 1)} times`;
  return shownNumber(value, decimals, per);
}
