// Saves an answer while it is written. Without this script the buttons of the form do the same.
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const told = form.querySelector("[data-saved]");
  const place = document.getElementById("clash-place");
  const PAUSE = 900;
  let timer = 0, running = false, again = false, isDirty = false;

  const chosen = () => form.querySelector("input[name=answer]:checked");

  const save = async () => {
    if (!chosen()) return;
    if (running) { again = true; return; }
    running = true;
    const sent = new FormData(form);
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: sent, headers: { Accept: "application/json" }, redirect: "error" });
      const said = await answer.json();
      told.textContent = said.sentence;
      if (said.version) form.elements.version.value = said.version;
      if (said.clashes) { place.innerHTML = said.clashes; place.firstElementChild?.scrollIntoView({ block: "nearest" }); }
      isDirty = said.state === "refused";
    } catch {
      told.textContent = form.dataset.offline || told.dataset.offline || "";
      isDirty = true;
      timer = setTimeout(save, 5000);
    } finally {
      running = false;
      if (again) { again = false; save(); }
    }
  };

  const later = () => { isDirty = true; clearTimeout(timer); timer = setTimeout(save, PAUSE); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => { isDirty = false; clearTimeout(timer); });
  window.addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
})();
