"use strict";
(() => {
  const form = document.getElementById("filters");
  const entries = [...document.querySelectorAll(".entry")].map((element) => ({
    element,
    data: element.dataset,
    stacks: JSON.parse(element.dataset.stacks),
  }));
  const groups = [...document.querySelectorAll(".group")];
  const said = document.getElementById("shown");

  const matches = (entry, wanted) => {
    const data = entry.data;
    if (!wanted.outcomes.has(data.outcome)) return false;
    for (const name of ["control", "severity", "stage"]) {
      if (wanted[name] && data[name] !== wanted[name]) return false;
    }
    const inPlace = entry.stacks.some(
      ([system, stack]) => (!wanted.system || system === wanted.system) && (!wanted.stack || stack === wanted.stack),
    );
    if (entry.stacks.length && !inPlace) return false;
    return wanted.words.every((word) => data.search.includes(word));
  };

  const apply = () => {
    const given = new FormData(form);
    const wanted = {
      outcomes: new Set(given.getAll("outcome")),
      words: String(given.get("text") || "").toLowerCase().split(/\s+/).filter(Boolean),
    };
    for (const name of ["system", "stack", "control", "severity", "stage"]) wanted[name] = given.get(name) || "";
    let shown = 0;
    for (const entry of entries) {
      const hit = matches(entry, wanted);
      entry.element.hidden = !hit;
      shown += hit ? 1 : 0;
    }
    for (const group of groups) group.hidden = !group.querySelector(".entry:not([hidden])");
    said.textContent = `${shown} of ${entries.length} shown`;
  };

  const show = (text) => {
    form.reset();
    form.elements.text.value = text;
    for (const box of form.querySelectorAll("[name=outcome]")) box.checked = true;
    apply();
    document.getElementById("findings").scrollIntoView();
    form.elements.text.focus({ preventScroll: true });
  };

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  for (const link of document.querySelectorAll("[data-show]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link.dataset.show);
    });
  }
  document.addEventListener("keydown", (event) => {
    const typing = /^(input|select|textarea)$/i.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      form.elements.text.focus();
    }
  });
  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details")) each.open = true;
  });
  apply();
})();
