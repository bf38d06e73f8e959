"use strict";
// Show changed numbers wherever they stand, with what was printed beside them.

const placeOf = (link) => Number(link.getAttribute("href").slice(2));
const rowOf = (place) => document.getElementById(`n${place}`);

/** The id of a number: its entry names owner and book, its group the column between them. */
function idOf(place) {
  const row = rowOf(place), { column } = row.closest("section").dataset;
  const [owner, book] = row.cells[0].textContent.split("@");
  return owner + (column ? `.${column}` : "") + (book ? `@${book}` : "");
}

/** An element with attributes and children; texts stay texts. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && isThere(value)) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(isThere));
  return element;
}

/** A text only for those who listen. */
const aside = (text) => el("span", { class: "unseen" }, text);

/** Show `text` in place of what is printed, or set `element` back. */
function mark(element, state, text, withPrinted) {
  element.printed ??= element.textContent;
  if (element.mark) element.mark.remove();
  element.mark = null;
  element.classList.toggle("new", state === "new");
  element.classList.toggle("open", state === "open");
  element.textContent = state === "new" ? text : element.printed;
  if (state === "open" && withPrinted) element.mark = dagger();
  if (state === "new" && withPrinted && text !== element.printed) {
    element.mark = el("del", {}, aside("; printed: "), element.printed);
  }
  if (element.mark) element.after(element.mark);
}

function dagger() {
  return el("span", { class: "dagger" }, "†", aside(" computed for the printed prices"));
}

/** Bring every figure below `root` up to date. */
function refresh(root, now) {
  for (const link of root.querySelectorAll('a[href^="#n"]')) {
    const one = now[placeOf(link)];
    if (link.isName || (one.state === "printed" && !link.printed)) continue;
    if (link.dataset.f) markFigure(link, one);
    else mark(link, one.state, plain(one.value), Boolean(link.closest(".value")));
  }
  for (const row of root.querySelectorAll('tr[id^="n"]')) {
    const one = now[Number(row.id.slice(1))];
    const figure = row.cells[1].firstElementChild;
    if (one.state === "printed" && !figure.printed) continue;
    mark(figure, one.state, plain(one.value), true);
    mark(row.cells[2], one.state, boundText(one, "low"), false);
    mark(row.cells[3], one.state, boundText(one, "high"), false);
  }
}

function boundText(one, side) {
  return one.low === null || one.low === one.high ? "" : plain(one[side]);
}

/** A figure of a published table or of its words, in its own format. */
function markFigure(link, one) {
  const words = link.closest(".words, td.text");
  if (words && !words.hasAttribute("data-holds")) return mark(link, "printed");
  const format = DATA.formats[link.dataset.f];
  const value = one[link.dataset.p ?? "value"];
  if (one.state === "new" && (!format || value === null)) return mark(link, "open", "", true);
  return mark(link, one.state, one.state === "new" ? shown(value, format) : "", true);
}

/** Words that were computed for the printed prices step back where figures moved. */
function stepBack(now) {
  for (const section of document.querySelectorAll("section.table")) {
    const moved = (root) =>
      [...root.querySelectorAll("a[data-f]")].some((a) => now[placeOf(a)].state !== "printed");
    const isMoved = moved(section);
    section.querySelector(".banner").hidden = !isMoved;
    for (const words of section.querySelectorAll(".words:not([data-holds])")) {
      const isNote = words.closest(".notes");
      setStale(words, isMoved && (!isNote || moved(words)));
    }
    for (const row of section.querySelectorAll("tbody tr")) {
      const texts = [...row.querySelectorAll("td.text:not([data-holds])")].filter((cell) => cell.textContent);
      const isRowMoved = texts.length > 0 && moved(row);
      for (const cell of texts) setStale(cell, isRowMoved);
    }
  }
}

function setStale(element, isStale) {
  if (element.classList.toggle("stale", isStale) !== Boolean(element.dagger)) {
    if (isStale) element.append((element.dagger = dagger()));
    else {
      element.dagger.remove();
      element.dagger = null;
    }
  }
}
