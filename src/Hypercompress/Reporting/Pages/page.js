"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const falling = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const key = row => {
        const order = row.cells[column].dataset.order;
        return order === undefined ? row.cells[column].textContent : Number(order);
      };
      const compare = (a, b) => typeof a === "number" ? typeof b === "number" ? a - b : 1
        : typeof b === "number" ? -1 : a.localeCompare(b);
      const rows = Array.from(body.rows).sort((a, b) => compare(key(a), key(b)));
      body.append(...(falling ? rows.reverse() : rows));
    });
  });
}
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details")) { part.open = true; }
});
