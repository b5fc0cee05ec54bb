"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.words;
  const order = new Intl.Collator(data.language, { numeric: true });
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  // ---- why: a dialog ------------------------------------------------------------------------

  const dialog = document.getElementById("why");
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  function tell(number) {
    const [head, ...lines] = data.reasons[number];
    document.getElementById("why-title").textContent = head;
    document.getElementById("why-text").replaceChildren(...lines.map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }));
    dialog.showModal();
  }

  // ---- tables -------------------------------------------------------------------------------

  const cellAt = (row, column) => {
    let place = 0;
    for (const cell of row.cells) {
      place += cell.colSpan;
      if (place > column) return cell;
    }
    return null;
  };
  const textAt = (row, column) => (cellAt(row, column)?.textContent ?? "").trim();

  function numberOf(text) {
    const found = /-?\d+(\.\d+)?/.exec(text);
    return found ? Number(found[0]) : NaN;
  }

  // Rows that stay together: one and what is indented under it.
  function blocksOf(rows) {
    const blocks = [];
    for (const row of rows) {
      const level = Number(row.dataset.level ?? 0);
      if (level === 0 || !blocks.length) blocks.push([]);
      blocks.at(-1).push(row);
    }
    return blocks.map((some) => ({ rows: some, kind: some[0].dataset.kind }));
  }

  function prepare(sheet) {
    const table = sheet.querySelector("table");
    const body = table.tBodies[0];
    const blocks = blocksOf([...body.rows]);
    const heads = [...table.querySelectorAll("thead th[data-column]")];
    const filter = sheet.querySelector(".filter");
    const [field, count] = [filter.querySelector("input"), filter.querySelector("output")];
    const selects = sheet.classList.contains("listed") ? heads.map(selectOf).filter(Boolean) : [];
    let sorted = null;

    for (const select of selects) count.before(select);
    filter.hidden = body.rows.length < 2;
    filter.addEventListener("input", show);
    for (const head of heads) makeSortable(head);
    makeButtons();
    show();

    function selectOf(head) {
      const column = Number(head.dataset.column);
      if (!["label", "mark"].includes(head.dataset.kind)) return null;
      const values = [...new Set([...body.rows].map((row) => textAt(row, column)))];
      if (values.length < 2 || values.length > 60) return null;
      const select = document.createElement("select");
      const all = filled(words.all, { column: head.dataset.head });
      select.setAttribute("aria-label", head.dataset.head);
      select.append(new Option(all, ""), ...values.map((one) => new Option(one, `=${one}`)));
      select.dataset.column = column;
      return select;
    }

    function show() {
      const wanted = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = selects.filter((select) => select.value);
      const asked = wanted.length > 0 || chosen.length > 0;
      sheet.classList.toggle("asked", asked);
      let [shown, all, head] = [0, 0, null];
      for (const block of blocks) {
        if (block.kind === "section") {
          head = block.rows[0];
          head.hidden = sorted !== null || asked;
          continue;
        }
        const text = block.rows.map((row) => row.textContent).join("\n").toLowerCase();
        const fits = wanted.every((one) => text.includes(one)) && chosen.every((select) =>
          select.value === `=${textAt(block.rows[0], Number(select.dataset.column))}`);
        for (const row of block.rows) row.hidden = !fits;
        if (fits && head && sorted === null) head.hidden = false;
        all += block.rows.length;
        shown += fits ? block.rows.length : 0;
      }
      count.value = filled(words.shown, { shown, count: all });
      reachable();
    }

    function makeSortable(head) {
      const button = document.createElement("button");
      button.type = "button";
      button.title = filled(words.sort, { column: head.dataset.head });
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const now = head.getAttribute("aria-sort");
        const next = { none: "ascending", ascending: "descending", descending: "none" }[now];
        for (const other of heads) other.setAttribute("aria-sort", "none");
        head.setAttribute("aria-sort", next);
        sort(head, next);
      });
    }

    function sort(head, direction) {
      sorted = direction === "none" ? null : head;
      const place = (block) => ({ area: 0, section: 0, subtotal: 2, gap: 3 })[block.kind] ?? 1;
      const column = Number(head.dataset.column);
      const numeric = head.dataset.kind === "figure";
      const sign = direction === "descending" ? -1 : 1;
      const key = (block) => {
        const text = textAt(block.rows[0], column);
        return numeric ? numberOf(text) : text;
      };
      const blank = (value) => value === "" || Number.isNaN(value);
      const keyed = blocks.map((block) => [block, key(block)]);
      if (sorted) {
        keyed.sort(([one, a], [other, b]) => {
          if (place(one) !== place(other)) return place(one) - place(other);
          if (place(one) !== 1) return 0;
          if (blank(a) || blank(b)) return Number(blank(a)) - Number(blank(b));
          return sign * (numeric ? a - b : order.compare(a, b));
        });
      }
      body.append(...keyed.flatMap(([block]) => block.rows));
      show();
    }

    // One stop of the Tab key per table; arrows go from number to number.
    function makeButtons() {
      for (const cell of body.querySelectorAll("td[data-why]")) {
        const button = document.createElement("button");
        button.type = "button";
        button.tabIndex = -1;
        button.setAttribute("aria-haspopup", "dialog");
        button.title = words.why;
        button.append(...cell.childNodes);
        cell.append(button);
      }
      body.addEventListener("click", (event) => {
        const cell = event.target.closest("td[data-why]");
        if (!cell) return;
        stop(cell.firstElementChild);
        cell.firstElementChild.focus();
        tell(Number(cell.dataset.why));
      });
      body.addEventListener("keydown", (event) => {
        const next = event.target.matches("td button") && neighbour(event.target, event.key);
        if (!next) return;
        event.preventDefault();
        stop(next);
        next.focus();
      });
    }

    function stop(button) {
      for (const other of body.querySelectorAll("button[tabindex='0']")) other.tabIndex = -1;
      if (button) button.tabIndex = 0;
    }

    function reachable() {
      const here = body.querySelector("tr:not([hidden]) button[tabindex='0']");
      if (!here) stop(body.querySelector("tr:not([hidden]) td button"));
    }

    function neighbour(button, key) {
      const [across, along] = [["ArrowLeft", "ArrowRight"], ["ArrowUp", "ArrowDown"]];
      const to = (one, forward) => forward ? one?.nextElementSibling : one?.previousElementSibling;
      let cell = button.parentElement;
      if (across.includes(key)) {
        do cell = to(cell, key === "ArrowRight"); while (cell && !cell.querySelector("button"));
        return cell?.querySelector("button");
      }
      if (!along.includes(key)) return null;
      const column = [...cell.parentElement.cells].indexOf(cell);
      let [row, found] = [cell.parentElement, null];
      do {
        row = to(row, key === "ArrowDown");
        found = row && !row.hidden ? row.cells[column]?.querySelector("button") : null;
      } while (row && !found);
      return found;
    }
  }

  for (const sheet of document.querySelectorAll(".sheet")) prepare(sheet);
  for (const hint of document.querySelectorAll(".hint")) hint.hidden = false;

  // ---- pictures: those of one indicator at a time -----------------------------------------------

  const pick = document.querySelector(".pick");
  if (pick) {
    const select = pick.querySelector("select");
    const sets = [...document.querySelectorAll(".set[data-set]")];
    const choose = () => { for (const one of sets) one.hidden = one.dataset.set !== select.value; };
    pick.hidden = false;
    select.addEventListener("change", choose);
    choose();
  }
})();
