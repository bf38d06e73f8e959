"use strict";
// What the reader does: open numbers, change prices, go back, pass on a link.

const bar = document.getElementById("state");
const byId = new Map(NUMBERS.map((_, place) => [idOf(place), place]));
const state = { changes: new Map(), now: recomputed(new Map()), open: null, depth: 0, opener: null };

/** The address of what the reader sees: the changes, and the open number. */
function hashOf() {
  const words = new URLSearchParams();
  for (const [place, { value, low, high }] of state.changes) {
    const parts = low === value && high === value ? [value] : [value, low, high];
    words.append("set", `${idOf(place)}=${parts.join(",")}`);
  }
  if (state.open !== null) words.append("open", idOf(state.open));
  return `#${words}`;
}

/** Take over what an address says; what it names and the page has not is told. */
function readHash(hash) {
  const words = new URLSearchParams(hash.slice(1));
  const unknown = [];
  const changes = new Map();
  for (const text of words.getAll("set")) {
    const at = text.lastIndexOf("=");
    const place = byId.get(text.slice(0, at));
    const [value, low = null, high = null] = text.slice(at + 1).split(",").map(Number);
    const limits = DATA.changeable[place];
    const { change } = limits ? checked({ value, low, high }, ...limits) : {};
    if (change) changes.set(place, change);
    else unknown.push(text);
  }
  const opened = words.get("open");
  const anchor = /^#n(\d+)$/.exec(hash);
  let place = anchor && NUMBERS[Number(anchor[1])] ? Number(anchor[1]) : null;
  if (opened !== null) place = byId.get(opened) ?? null;
  if (opened !== null && place === null) unknown.push(opened);
  return { changes, place, unknown, isState: words.has("set") || opened !== null || place !== null };
}

function change(place, interval) {
  if (interval && !isSame(interval, exact(NUMBERS[place]), 0)) state.changes.set(place, interval);
  else state.changes.delete(place);
  history.replaceState({ depth: state.depth }, "", hashOf());
  update();
}

/** A number without bounds is as good as one whose bounds are itself. */
function exact({ value, low, high }) {
  return { value, low: low ?? value, high: high ?? value };
}

/** Compute again and show it everywhere. */
function update() {
  state.now = recomputed(state.changes);
  refresh(document.body, state.now);
  stepBack(state.now);
  if (state.open !== null) fillPanel(state.open, state.now, state.changes, state.depth > 1);
  fillChoices();
  tell(sentence());
  bar.hidden = state.changes.size === 0;
}

function sentence() {
  const count = (wanted) =>
    state.now.filter((one, place) => one.state === wanted && !state.changes.has(place)).length;
  const many = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;
  const open = count("open");
  const rest = open ? `; ${many(open, "number")} need${open === 1 ? "s" : ""} the pipeline (†)` : "";
  if (!state.changes.size) return "All numbers are as printed.";
  return `${many(state.changes.size, "input")} changed: ${many(count("new"), "number")} recomputed${rest}.`;
}

function tell(text) {
  bar.querySelector("[role=status]").textContent = text;
}

function open(place, isNew) {
  if (panel.hidden) state.opener = document.activeElement;
  state.open = place;
  if (isNew) {
    state.depth += 1;
    history.pushState({ depth: state.depth }, "", hashOf());
  }
  panel.hidden = false;
  document.documentElement.classList.add("opened");
  fillPanel(place, state.now, state.changes, state.depth > 1);
  panel.scrollTop = 0;
  document.getElementById("panel-title").focus();
}

function close(isNew) {
  state.open = null;
  panel.hidden = true;
  document.documentElement.classList.remove("opened");
  state.depth = 0;
  if (isNew) history.pushState({ depth: 0 }, "", hashOf());
  if (state.opener?.isConnected) state.opener.focus();
}

/** Forms beside the assumptions at the top. */
function fillChoices() {
  for (const choice of document.querySelectorAll("#assumptions [data-change]")) {
    choice.querySelector("form")?.remove();
    choice.append(changeForm(Number(choice.dataset.change), state.changes, false));
  }
}

async function copy() {
  const address = location.href.split("#")[0] + hashOf();
  try {
    await navigator.clipboard.writeText(address);
    tell("The link is copied.");
  } catch {
    bar.querySelector("input")?.remove();
    const field = el("input", { readonly: true, value: address, "aria-label": "Link to what you changed" });
    bar.append(field);
    field.select();
    tell("Copy the link from the field.");
  }
}

const ACTIONS = {
  back: () => history.back(),
  close: () => close(true),
  copy,
  reset: () => {
    state.changes.clear();
    history.replaceState({ depth: state.depth }, "", hashOf());
    update();
  },
  restore: (target) => submit(target.form, null),
};

/** Change a number from a form, and keep the reader's place in it. */
function submit(form, interval) {
  const place = Number(form.dataset.change);
  const home = form.closest("#panel, #assumptions");
  change(place, interval);
  home.querySelector(`form[data-change="${place}"] input`)?.focus();
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("a[href^='#'], button[data-do]");
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (target.dataset.do) return void ACTIONS[target.dataset.do](target);
  event.preventDefault();
  if (/^#n\d+$/.test(target.getAttribute("href"))) return void open(placeOf(target), true);
  const section = document.getElementById(target.hash.slice(1));
  section.tabIndex = -1;
  section.scrollIntoView();
  section.focus();
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const { change: interval, problem } = readForm(event.target);
  if (interval) submit(event.target, interval);
  else event.target.querySelector("[role=alert]").textContent = problem;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !panel.hidden) close(true);
});

/** Show what the address says. */
function arrive() {
  const { changes, place, unknown, isState } = readHash(location.hash);
  if (!isState && !history.state) return;
  state.changes = changes;
  state.depth = history.state?.depth ?? (place === null ? 0 : 1);
  state.open = null;
  update();
  if (place !== null) open(place, false);
  else if (!panel.hidden) close(false);
  if (unknown.length) {
    bar.hidden = false;
    tell(`This page does not have what the link names: ${unknown.join("; ")}.`);
  }
}

addEventListener("popstate", arrive);
document.documentElement.classList.add("scripted");
fillChoices();
arrive();
