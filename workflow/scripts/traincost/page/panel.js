"use strict";
// The panel: one number, what it was made of, what was made of it, and what may be changed.

const panel = document.getElementById("panel");
const FEW = 8;
const CHOICES = 6;

/** Fill the panel with a number. `now`: all numbers; `changes`: what the reader changed. */
function fillPanel(place, now, changes, canGoBack) {
  const row = rowOf(place);
  const column = row.closest("section");
  const number = NUMBERS[place];
  panel.replaceChildren(
    el(
      "div",
      { class: "bar" },
      button("back", "← Back", !canGoBack),
      button("close", "Close ✕"),
    ),
    el("h2", { id: "panel-title", tabindex: "-1" }, nameOf(place)),
    el("p", { class: "id" }, spelledId(place)),
    ...valueOf(place, now[place], row),
    part("Formula", ...formulaOf(row, column)),
    part("Rule", column.querySelector(".rule")?.textContent.replace(/^Rule: /, "")),
    part("Read from", leafOf(place)),
    part("Change", ...changeOf(place, changes)),
    part("Made of", ...listed(number.inputs, (input, at) => item(input, now, number.names[at]))),
    part("Looked at", ...listed(number.way === WAY.table ? [] : number.seen, (seen) => item(seen, now))),
    part("Read from, in the end", ...listed(leavesOf(place), leafItem)),
    part("Used by", ...listed(USERS[place], (user) => item(user, now))),
    part("Shown in", ...listed(cellsOf(place), cellItem)),
  );
  refresh(panel, now);
}

function button(action, text, isDisabled = false) {
  return el("button", { type: "button", "data-do": action, disabled: isDisabled }, text);
}

/** A part with a heading, or nothing where it has no content. */
function part(heading, ...content) {
  const there = content.filter((one) => isThere(one) && one !== "");
  return there.length ? el("section", {}, el("h3", {}, heading), ...there) : "";
}

/** How the published tables call a number, or else what its column means. */
function nameOf(place) {
  const cell = cellsOf(place)[0];
  if (cell) return [cell.group, cell.row, cell.column].filter(Boolean).join(" · ");
  return rowOf(place).closest("section").querySelector("p").firstChild.textContent.trim();
}

function spelledId(place) {
  const [owner, book] = idOf(place).split("@");
  return el("code", {}, owner, book && el("small", {}, `@${book}`));
}

/** Value, interval and kind; what was printed stays beside. */
function valueOf(place, one, row) {
  const value = row.cells[1].cloneNode(true);
  const kind = row.querySelector(".leaf i")?.textContent ?? "derived";
  const big = el("p", { class: "big" }, ...value.childNodes);
  const has = one.low !== null && one.low !== one.high;
  const interval = has ? `from ${plain(one.low)} to ${plain(one.high)} · ` : "";
  const open =
    one.state === "open" &&
    el(
      "p",
      { class: "warning" },
      "This is the printed value. From what you changed it follows by a rule, or through a" +
        " number that does, and only the pipeline can follow that: put the price into a file and" +
        " run snakemake.",
    );
  return [big, el("p", { class: "interval" }, interval + kind), open || ""];
}

function formulaOf(row, column) {
  const cell = row.cells[4];
  const own = cell.querySelector(":scope > code");
  const text = own ?? column.querySelector(":scope > p > code");
  if (!text || cell.querySelector(".used")) return [];
  const numbers = el("code", {});
  for (const node of [...cell.cloneNode(true).childNodes]) {
    if (node.nodeName === "CODE" || ["seen", "leaf"].includes(node.className)) continue;
    numbers.append(node.nodeType === Node.TEXT_NODE ? node.data.replace(/^ = /, "") : node);
  }
  return [el("p", {}, text.cloneNode(true)), el("p", {}, "= ", numbers)];
}

/** A list; what is more than a few is folded away. */
function listed(all, toItem) {
  const items = all.map((one, at) => el("li", {}, ...toItem(one, at)));
  if (items.length <= FEW + 2) return items.length ? [el("ul", {}, ...items)] : [];
  const rest = el("summary", {}, `and ${items.length - FEW} more`);
  const more = el("details", {}, rest, el("ul", {}, ...items.slice(FEW)));
  return [el("ul", {}, ...items.slice(0, FEW)), more];
}

function item(place, now, name) {
  const link = el("a", { href: `#n${place}` }, spelledId(place));
  link.isName = true;
  const one = now[place];
  const cell = rowOf(place).cells[1];
  const unit = cell.lastChild.nodeType === Node.TEXT_NODE ? cell.lastChild.data : "";
  const value = one.state === "new" ? plain(one.value) : figureText(place);
  const figure = el("b", { class: one.state }, value);
  const printed = one.state === "new" && el("del", {}, aside("; printed: "), figureText(place));
  const open = one.state === "open" && dagger();
  return [link, el("span", { class: "amount" }, figure, unit, printed || "", open || "")];
}

/** The value as it was printed in the list of all numbers. */
function figureText(place) {
  const figure = rowOf(place).cells[1].firstElementChild;
  return figure.printed ?? figure.textContent;
}

/** Places of the figures of data files that a derived number was made of. */
function leavesOf(place) {
  const below = closure(place).slice(1);
  return below.filter((each) => rowOf(each).querySelector(".leaf"));
}

/** Where a figure was read, the document by its title; null where it was not read. */
function leafOf(place) {
  const leaf = rowOf(place).querySelector(".leaf")?.cloneNode(true);
  const link = leaf?.querySelector('a[href^="#s"]');
  if (link) {
    const title = document.querySelector(link.getAttribute("href")).children[1].cloneNode(true);
    link.replaceWith(title);
    if (title.href) title.after(" ", el("small", {}, `(${new URL(title.href).host})`));
  }
  return leaf;
}

function leafItem(place) {
  const leaf = leafOf(place);
  const link = el("a", { href: `#n${place}` }, spelledId(place));
  link.isName = true;
  return [link, leaf];
}

/** The cells of the published tables that show a number. */
function cellsOf(place) {
  const links = document.querySelectorAll(`#tables td > a[href="#n${place}"]:not([data-p])`);
  return [...links].map((link) => {
    const row = link.closest("tr");
    const table = link.closest("table");
    return {
      link,
      table: link.closest("section").id,
      row: row.cells[0].textContent,
      group: row.parentNode.querySelector(".group")?.textContent,
      column: table.tHead.rows[table.tHead.rows.length - 1].cells[link.closest("td").cellIndex]
        .dataset.name,
    };
  });
}

function cellItem(cell) {
  const show = el("button", { type: "button", class: "link" }, `${cell.row} · ${cell.column}`);
  show.addEventListener("click", () => {
    cell.link.scrollIntoView({ block: "center" });
    cell.link.focus();
  });
  return [`${cell.table}: `, show];
}

/** Forms for what may be changed: the number itself, or the choices it was made of. */
function changeOf(place, changes) {
  const choices = closure(place).filter((each) => each in DATA.changeable);
  const forms = choices.slice(0, CHOICES).map((each) => changeForm(each, changes, each !== place));
  const isLeaf = Boolean(rowOf(place).querySelector(".leaf"));
  if (isLeaf && !forms.length) {
    forms.push(el("p", { class: "hint" }, "To change this figure, change that line and run snakemake."));
  }
  if (choices.length > CHOICES) {
    forms.push(el("p", { class: "hint" }, `${choices.length - CHOICES} more: open them below.`));
  }
  return forms;
}

/** A form for a price or an assumption; one field, or three where it has an interval. */
function changeForm(place, changes, withId) {
  const number = NUMBERS[place];
  const one = changes.get(place) ?? number;
  const hasInterval = number.low !== null && number.low !== number.high;
  const unit = rowOf(place).cells[1].lastChild.textContent.trim();
  const field = (name, text) =>
    el("label", {}, text, el("input", { name, inputmode: "decimal", autocomplete: "off", size: "8", value: String(one[name]) }));
  const problem = el("p", { class: "warning", role: "alert" });
  const form = el(
    "form",
    { "data-change": place, "aria-label": withId ? `Change ${idOf(place)}` : null },
    withId ? el("p", {}, el("a", { href: `#n${place}` }, spelledId(place))) : "",
    field("value", "New value "),
    hasInterval ? field("low", "from ") : "",
    hasInterval ? field("high", "to ") : "",
    el("span", {}, unit),
    el("button", {}, "Recompute"),
    changes.has(place) ? button("restore", `Back to ${figureText(place)}`) : "",
    problem,
  );
  if (withId) form.querySelector("a").isName = true;
  return form;
}

/** What a form holds, or the sentence that says what is wrong with it. */
function readForm(form) {
  const place = Number(form.dataset.change);
  const limits = DATA.changeable[place];
  const read = (name) => {
    const input = form.elements[name];
    if (!input) return null;
    const text = input.value.trim().replace(/^\$/, "").replace("−", "-");
    return /^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text) ? Number(text) : NaN;
  };
  const [value, low, high] = ["value", "low", "high"].map(read);
  return { place, ...checked({ value, low, high }, ...limits) };
}

/** A changed number as it is used, or a sentence. The pipeline refuses the same. */
function checked({ value, low, high }, above, atLeast, atMost) {
  const all = [value, low, high].filter(isThere);
  if (!all.every(Number.isFinite)) return { problem: "Write a number, such as 3.42 or 1200." };
  if (isThere(above) && all.some((one) => one <= above)) return { problem: `It must be above ${above}.` };
  if (isThere(atLeast) && all.some((one) => one < atLeast)) return { problem: `It must be at least ${atLeast}.` };
  if (isThere(atMost) && all.some((one) => one > atMost)) return { problem: `It must be at most ${atMost}.` };
  const interval = { value, low: low ?? value, high: high ?? value };
  if (interval.low > value || value > interval.high) {
    return { problem: "The value must lie between its bounds." };
  }
  return { change: interval };
}
